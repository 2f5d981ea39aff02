"""What reaches the wire: which cells are sent, how fast, and how the terminal is taken over and given back."""
