"""Benchmarks: each measures what is possible by hand and what the program does, in turns, and prints the ratio."""
