"""Runs load scenarios: prepares the server, makes the load, and judges what came of it."""
