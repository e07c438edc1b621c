"""FOMS-O: what callers owe a server.

May import: contracts/rules, simulator/domain, simulator/operations, simulator/basics.
"""
