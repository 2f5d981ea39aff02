"""nntui in a browser: a page with a terminal in it for each who comes, and a program of its own at the other end."""
