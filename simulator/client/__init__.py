"""The one way to talk to a Fluent server, ours or another. Imports basics and text only."""
