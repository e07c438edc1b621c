"""All that belongs to an account, and the ports to it.

May import: simulator/domain/virtual (and what that may).
"""
