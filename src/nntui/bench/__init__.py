"""`nntui bench`: how fast every rung of the ladder and its peers train the same networks, in one run on one machine."""
