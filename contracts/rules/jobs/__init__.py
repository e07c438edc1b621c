"""FOMS-J: what is wrong with the request to open a job. Imports what the rules share."""
