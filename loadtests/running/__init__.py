"""Runs load scenarios: prepares the server, makes load, judges what came of it.

May import: loadtests/users (and what that may), loadtests/audit, loadtests/reporting (and what that
may), simulator/client, simulator/console.
"""
