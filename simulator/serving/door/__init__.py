"""Between the network and Flask: every body is whole, in time and within bounds before work begins.

May import: simulator/api (and what that may), simulator/basics.
"""
