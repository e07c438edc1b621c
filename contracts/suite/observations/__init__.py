"""What the documentation leaves open, and how this server decides it. Imports semantic, target."""
