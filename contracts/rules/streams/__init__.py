"""FOMS-S: what is wrong with payloads that belong together.

May import: contracts/rules, simulator/domain.
"""
