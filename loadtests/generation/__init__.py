"""Payload files of a made-up retailer, and what they must lead to. Imports traffic and ledger."""
