"""Trouble that is made on purpose: which requests it meets, at which point, of which kind.

May import: simulator/basics.
"""
