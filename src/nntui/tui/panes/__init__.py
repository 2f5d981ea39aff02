"""The panes: each in a file of its own, which runs alone for the one who works on it."""
