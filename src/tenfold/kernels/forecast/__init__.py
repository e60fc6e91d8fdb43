"""Compiled code of the forecast: weeks in the life of bonds and people."""
