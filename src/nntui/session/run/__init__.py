"""A training run: its steps, its history, what is measured along it."""
