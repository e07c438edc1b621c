"""POST /graphql from a body to a reply.

May import: simulator/graphql/mutations (and what that may), simulator/graphql/limits,
simulator/intake.
"""
