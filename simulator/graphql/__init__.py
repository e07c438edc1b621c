"""Read-back and set-up over GraphQL: from a body to a result, free of any web framework."""
