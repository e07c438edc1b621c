"""The reference library beside the fast engine: a fault of one that all trust would hide itself."""
