"""Holds what the simulator was sent against the rules.

May import: contracts, contracts/rules/obligations, contracts/reporting (and what that may),
simulator/conformance, simulator/intake (and what that may).
"""
