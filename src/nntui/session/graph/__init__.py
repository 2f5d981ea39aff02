"""The graph of a computation on the desk."""
