"""Compiled code of networks: rows of arcs, generators, measures."""
