"""JSON Schemas of every payload."""
