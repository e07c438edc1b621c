"""Runs load scenarios: prepares the server, makes load, judges what came of it. Imports users."""
