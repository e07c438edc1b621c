"""Load tests, the data they send, and the benchmarks."""
