"""What was asked and answered, for whoever judges it; its judge is known by a protocol only.

May import: simulator/operations, simulator/stores, simulator/domain, simulator/basics,
simulator/text.
"""
