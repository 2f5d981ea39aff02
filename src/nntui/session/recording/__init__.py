"""Recordings: what was done and what happened, line by line in a file, and the same again from it."""
