"""JSON Schemas of every payload, and the GraphQL schema.

May import nothing of ours.
"""
