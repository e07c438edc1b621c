"""From bytes to a sound document, or to what is wrong with it.

May import: simulator/basics (and what that may), simulator/domain.
"""
