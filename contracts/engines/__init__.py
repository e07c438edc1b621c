"""The reference library beside the fast engine: a fault of one that all trust would hide itself.

May import: contracts/validation, simulator/client, contracts/reporting (and what that may),
simulator/intake (and what that may).
"""
