"""Find the bug: steps downhill that are wrong as they are wrong in many a program, each in a file of its own.

Each stands beside `gradient_step` in ../loops.py, which is right. What is wrong with it, and what would be right, is
told in rooms.py.
"""
