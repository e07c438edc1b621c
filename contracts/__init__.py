"""The API described: OpenAPI over the schemas."""
