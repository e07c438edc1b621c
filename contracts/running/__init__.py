"""Running the suite of contracts, and telling what came of it."""
