"""The lesson file: read safely, held against what it may say, and explained where it is wrong.

`library` finds a file, `reader` reads it, `check` explains what is wrong and where, `write` writes one. `schema` is
what a file may say; `expect` what a lesson claims of its numbers.
"""
