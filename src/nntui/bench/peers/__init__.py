"""Those who are measured, each in a process of its own: our rungs, and other libraries that train the same network."""
