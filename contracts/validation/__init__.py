"""Payload files held against the schemas and the rules."""
