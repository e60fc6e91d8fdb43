"""Compiled code of seeds: reverse-reachable sets, coverage, anchored cores."""
