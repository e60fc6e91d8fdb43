"""Whom to choose so that a practice reaches the most people, or everyone: seeds, their reach, and how sure it is."""
