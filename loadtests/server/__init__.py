"""The server under load: found, told apart, started if need be. Imports traffic and the client."""
