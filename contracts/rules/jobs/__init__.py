"""FOMS-J: what is wrong with the request to open a job.

May import: contracts/rules.
"""
