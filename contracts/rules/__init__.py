"""The rules beyond shape, one class a rule."""
