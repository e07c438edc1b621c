"""The address of a server where nobody has given one."""

DEFAULT = "http://127.0.0.1:4141"
"""Where `fluent-sim serve` listens unless it is told otherwise."""
