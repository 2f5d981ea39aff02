"""`nntui bench`: all of it is in the package `bench`."""

from nntui.bench.command import run

__all__ = ["run"]
