"""Compiled code of seeds: reverse-reachable sets, maximum coverage, anchored k-cores."""
