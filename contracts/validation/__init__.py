"""Payload files held against the schemas and the rules.

May import: contracts, contracts/rules/batches, contracts/reporting (and what that may),
simulator/intake (and what that may).
"""
