"""What a reader asks for of a catalogue, a page at a time.

May import: simulator/domain/catalogue (and what that may).
"""
