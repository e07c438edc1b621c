"""Where catalogues, jobs and events are kept. Imports the domain only."""
