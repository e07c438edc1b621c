"""What the documentation leaves open, and how this server decides it.

May import: contracts/suite/semantic, contracts/target, simulator/client.
"""
