"""Was anything lost? What the senders know, held against what the server holds. Imports ledger."""
