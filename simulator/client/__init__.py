"""The one way to talk to a Fluent server, ours or another.

May import: simulator/basics (and what that may).
"""
