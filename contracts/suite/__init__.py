"""The contracts, as tests that `fluent-sim contract` runs. Imports the target and its runner."""
