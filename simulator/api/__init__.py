"""Fluent's own paths, each view one line into its operation, and what comes before every view.

May import: simulator/simulator.py, simulator/conformance, simulator/operations (and what that may),
simulator/text.
"""
