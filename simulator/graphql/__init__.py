"""Read-back and set-up over GraphQL, free of any web framework; here what its folders share.

May import: simulator/operations, simulator/stores (and what that may), simulator/basics.
"""
