"""What is available to sell, computed when it is read.

May import: simulator/domain/search (and what that may), simulator/basics.
"""
