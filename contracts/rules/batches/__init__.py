"""FOMS-B: what is wrong with a batch by itself.

May import: contracts/rules, simulator/domain.
"""
