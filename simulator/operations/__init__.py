"""What each call does, a class for each API: plain values in, a reply out.

May import: simulator/intake (and what that may), simulator/stores (and what that may),
simulator/stores/snapshot_file, simulator/domain/workflow, simulator/domain/verification,
simulator/basics.
"""
