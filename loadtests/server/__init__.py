"""The server under load: found, signed in to, started if need be. Imports audit and traffic."""
