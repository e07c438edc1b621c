"""The API described, and what payloads, traffic and servers are held to. Imports the simulator."""
