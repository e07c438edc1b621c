"""The users of a load run, as locust knows them.

May import: loadtests/server, loadtests/ledger (and what that may), loadtests/reporting,
simulator/client.
"""
