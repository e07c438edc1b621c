"""How every command speaks and ends.

May import: simulator/text.
"""
