"""Compiled code of the forecast: the weekly simulation of a cohort."""
