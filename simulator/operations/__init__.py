"""One function for each call: plain values in, a reply out. Imports intake, stores and domain."""
