"""Autograd: a computation as a graph of nodes, values forward and gradients backward."""
