"""Holds what the simulator was sent against the rules."""
