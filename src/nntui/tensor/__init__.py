"""Arrays as what they are, a strip of memory with a shape and strides; the product of two, cell by cell."""
