"""A snapshot as a file: lines of JSON that a person can read, packed with gzip.

May import: simulator/stores (and what that may).

The first line, the head, says what the file is; each other line has a `kind`. What follows from
other lines is not written, and is worked out anew when the file is read.
"""
