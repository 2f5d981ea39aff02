"""Races of the rungs: the course, the runner on it, the races over rungs and over widths, results that were saved."""
