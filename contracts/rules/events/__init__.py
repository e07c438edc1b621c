"""FOMS-E: what is wrong with an event by itself. Imports what the rules share."""
