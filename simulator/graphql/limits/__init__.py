"""What a query may ask for, told before it runs.

May import: simulator/graphql, simulator/basics.
"""
