"""What the platform's answers must mean, whatever they look like.

May import: contracts/target, simulator/client.
"""
