"""Text from outside: decoded, printed, taken apart.

May import nothing of ours.
"""
