"""The contracts, as tests that `fluent-sim contract` runs.

May import: contracts/running, contracts/target, simulator/client, simulator/intake (and what that
may).
"""
