"""A simulator as a process: server, banner, log, connections. Imports the application."""
