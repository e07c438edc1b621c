"""Benchmarks: one file a question, every figure beside what it is compared with. May import all."""
