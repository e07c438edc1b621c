"""What events, batches and mutations do to stock, and the story of it. Imports the catalogue."""
