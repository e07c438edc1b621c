"""The API described, and what payloads, traffic and servers are held to.

May import: contracts/rules, contracts/rules/batches, contracts/rules/events, contracts/rules/jobs,
contracts/rules/streams, contracts/rules/obligations, simulator/domain, simulator/basics.
"""
