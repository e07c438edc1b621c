"""What each event does to the catalogue, one ruleset a module."""
