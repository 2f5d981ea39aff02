"""A second model, in the tests alone: what nntui asks of a model, nothing of a network may be needed for."""

from bowl.model import build, check
from nntui.models.model import Kind

KIND = Kind("bowl", needs_data=False, check=check, build=build)
