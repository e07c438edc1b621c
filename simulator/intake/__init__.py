"""From bytes to a sound document, or to what is wrong with it. Imports the domain's values only."""
