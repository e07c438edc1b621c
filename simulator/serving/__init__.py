"""A simulator as a process: server, banner, log, connections.

May import: simulator/serving/door, simulator/app.py, simulator/assembly.py, simulator/api (and what
that may), simulator/intake.
"""
