"""Compiled code of spread: rules and their two clocks."""
