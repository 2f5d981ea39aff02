"""How the loss changes: along one parameter, over two, with each of them."""
