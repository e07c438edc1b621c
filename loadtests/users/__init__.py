"""The users of a load run, as locust knows them. Imports server, ledger, traffic and reporting."""
