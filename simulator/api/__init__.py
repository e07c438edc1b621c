"""Fluent's own paths, one module per API."""
