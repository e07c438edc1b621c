"""Reports of findings for people and programs.

May import: contracts, contracts/rules, simulator/console, simulator/look, simulator/basics (and
what that may).
"""
