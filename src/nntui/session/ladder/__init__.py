"""The ladder on a desk: a rung beside the one below, and the check against the loops."""
