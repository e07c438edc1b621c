"""Load tests, the data they send, the benchmarks, and the users for a locust by itself.

May import: loadtests/running, loadtests/users.
"""
