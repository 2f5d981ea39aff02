"""The engine as a process, and the front end's hold on it."""
