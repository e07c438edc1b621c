"""The rules beyond shape, one class a rule. Imports intake and the values of the domain."""
