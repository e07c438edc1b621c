"""Benchmarks: one file a question, every figure beside what it is compared with.

May import: loadtests/server, contracts/validation, simulator/client, simulator/console,
simulator/serving, simulator/assembly.py, simulator/domain/catalogue, simulator/graphql,
simulator/intake (and what that may).
"""
