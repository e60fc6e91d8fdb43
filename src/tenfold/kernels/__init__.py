"""Compiled code: plain arrays in and out. `jit` owns how it is compiled and cached, `rng` the random numbers."""
