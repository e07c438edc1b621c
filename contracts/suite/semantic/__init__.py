"""What the platform's answers must mean, whatever they look like. Imports the target only."""
