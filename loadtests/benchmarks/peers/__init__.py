"""Other mock servers, to be measured beside the simulator where somebody has installed them.

May import: simulator/intake (and what that may).
"""
