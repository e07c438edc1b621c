"""Payload files of a made-up retailer, and what they must lead to.

May import: loadtests/ledger, loadtests/traffic.
"""
