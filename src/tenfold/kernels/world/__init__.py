"""Compiled code of the world in nested tens."""
