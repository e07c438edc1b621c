"""What was asked and answered, for whoever judges it. Knows its judge by a protocol only."""
