"""What a load run measured, kept as a file, and told to people.

May import: simulator/console, simulator/look, simulator/basics (and what that may).
"""
