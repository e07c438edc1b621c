"""One function for each call: plain values in, a reply out."""
