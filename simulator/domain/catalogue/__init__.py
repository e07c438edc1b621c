"""Positions, their quantities and history, and how long those are kept.

May import: simulator/domain.
"""
