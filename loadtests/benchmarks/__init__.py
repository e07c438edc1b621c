"""Benchmarks: one file per question, every figure set beside what it is compared with."""
