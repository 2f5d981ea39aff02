"""The line clock: the place within the call that is walked."""
