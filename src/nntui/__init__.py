"""nntui teaches neural networks in the terminal."""

__version__ = "0.3.0"
