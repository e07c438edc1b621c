"""All that belongs to an account, and the ports to it. Imports all of the domain but workflow."""
