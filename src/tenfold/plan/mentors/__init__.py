"""Mentors of a whole community: those from whom a practice reaches the most people, and whom each looks after."""
