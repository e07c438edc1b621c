"""What events, batches and mutations do to stock, and the story of it.

May import: simulator/domain/search (and what that may), simulator/basics.
"""
