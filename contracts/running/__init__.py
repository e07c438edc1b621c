"""Runs the suite of contracts, takes back what it wrote, and tells what came of it.

May import: simulator/console, simulator/client, contracts/engines, contracts/target,
contracts/reporting (and what that may).
"""
