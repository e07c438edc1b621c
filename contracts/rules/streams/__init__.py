"""FOMS-S: what is wrong with payloads that belong together. Imports what the rules share."""
