"""What is available to sell, computed when it is read. Imports the catalogue and its search."""
