"""POST /graphql from a body to a reply; imports all of `graphql`, and what operations share."""
