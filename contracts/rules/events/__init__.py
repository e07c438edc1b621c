"""FOMS-E: what is wrong with an event by itself.

May import: contracts/rules, simulator/intake (and what that may).
"""
