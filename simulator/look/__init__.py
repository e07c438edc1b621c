"""How every page of ours looks: its colours, the frame of a report, and what draws one.

May import: simulator/text.
"""
