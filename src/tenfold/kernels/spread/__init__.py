"""Compiled code of spread: the rules of a model, in synchronous steps and on the next-reaction clock."""
