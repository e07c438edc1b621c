"""Benchmarks: one file a question, every figure beside what it is compared with.

May import: loadtests/server, loadtests/benchmarks/peers, contracts/validation, simulator/client,
simulator/console, simulator/serving, simulator/serving/door, simulator/assembly.py,
simulator/app.py, simulator/domain/catalogue, simulator/domain/workflow, simulator/graphql,
simulator/intake (and what that may).
"""
