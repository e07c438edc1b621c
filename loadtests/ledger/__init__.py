"""The truth that an audit holds a server to: everything that was sent.

May import: loadtests/traffic.
"""
