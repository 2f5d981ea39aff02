"""The machine that all of this runs on: what it is, and how fast it can be at the most."""
