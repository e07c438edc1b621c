"""The rules of stock, free of everything else; its own modules are values that all of it shares."""
