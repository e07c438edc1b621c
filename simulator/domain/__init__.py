"""The rules of stock, without web, files or clock; its own modules are values that it shares.

May import nothing of ours.
"""
