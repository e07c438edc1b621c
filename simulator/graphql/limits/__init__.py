"""What a query may ask for, told before it runs. Imports the modules of `graphql` itself."""
