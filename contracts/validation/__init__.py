"""Payload files held against the schemas and the rules. Imports rules, reporting and intake."""
