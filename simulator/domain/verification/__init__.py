"""What was expected of a test, held against what happened.

May import nothing of ours.
"""
