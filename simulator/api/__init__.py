"""Fluent's own paths, one module per API, each view one line into its operation. Knows Flask."""
