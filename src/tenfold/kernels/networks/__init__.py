"""Compiled code of networks: compressed sparse rows, groups, generators, measures."""
