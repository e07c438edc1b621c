"""Positions, their quantities and history, and how long those are kept. Imports values only."""
