"""Where a lesson stands, leading through it, and holding it to what it says."""
