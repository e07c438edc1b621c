"""The server that contracts are checked against, as its caller sees it. Starts a simulator."""
