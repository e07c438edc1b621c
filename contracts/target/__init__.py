"""The server that contracts are checked against, as its caller sees it, started if need be.

May import: simulator, simulator/client, simulator/serving, simulator/basics.
"""
