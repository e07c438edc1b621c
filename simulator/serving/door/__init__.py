"""Between the network and Flask: every body is whole, in time and within bounds before work begins.

May import: simulator/app.py, simulator/assembly.py, simulator/api (and what that may),
simulator/intake.
"""
