"""FOMS-B: what is wrong with a batch by itself. Imports what the rules share."""
