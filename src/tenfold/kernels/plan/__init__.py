"""Compiled code of the plan: circles and weekly contacts."""
