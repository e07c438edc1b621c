"""FOMS-O: what callers owe a server. Imports what the rules share, and the parameters."""
