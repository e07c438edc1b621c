"""What a load run measured, kept as a file, and told to people. Imports no other load tests."""
