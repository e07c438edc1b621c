"""Read-back and set-up over GraphQL, free of any web framework. Imports operations and domain."""
