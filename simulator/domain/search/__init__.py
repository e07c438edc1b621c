"""What a reader asks for of a catalogue, a page at a time. Imports the catalogue."""
