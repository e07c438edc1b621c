"""The contracts, as tests: `fluent-sim contract` runs them."""
