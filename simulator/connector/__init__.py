"""A connector under test, as a command of its own: started, bounded, and ended with all it began.

May import: simulator/client, simulator/text.
"""
