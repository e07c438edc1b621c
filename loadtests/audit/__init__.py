"""Was anything lost? What the senders know, held against what the server holds.

May import: loadtests/ledger (and what that may), loadtests/reporting, simulator/client.
"""
