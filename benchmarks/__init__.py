"""Benchmarks: each prints a small table and gates on nothing."""
