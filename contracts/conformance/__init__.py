"""Holds what the simulator was sent against the rules. Imports the protocol that it is known by."""
