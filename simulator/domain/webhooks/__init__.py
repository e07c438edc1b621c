"""Webhooks: which events are told of, when that is tried again, and what came of it.

May import: simulator/domain.
"""
