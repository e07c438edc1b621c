"""The object that a test of a connector holds, and the server behind it.

May import: simulator/client (and what that may), simulator/console (and what that may),
simulator/connector, simulator/serving, simulator/domain/verification, simulator/look.
"""
