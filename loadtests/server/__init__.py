"""The server under load: found, told apart, started if need be.

May import: loadtests/traffic, simulator/client.
"""
