"""Where catalogues, jobs and events are kept, and what is logged of them. Imports the domain."""
