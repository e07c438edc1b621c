"""Text from outside: decoded, printed, taken apart. Imports the standard library only."""
