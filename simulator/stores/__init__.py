"""Where catalogues, jobs and events are kept."""
