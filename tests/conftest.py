"""What all tests share: compiled code and recordings go to folders of the test run, never to the user's."""

import os
import tempfile
from collections.abc import Iterator

import pytest
from hypothesis import settings

from nntui.sentences import unfit

settings.register_profile("nntui", deadline=None, max_examples=60)
settings.load_profile("nntui")

_folder = None
if "NUMBA_CACHE_DIR" not in os.environ:
    # Set before anything imports numba, and inherited by every process that a test starts.
    _folder = tempfile.TemporaryDirectory(prefix="nntui-tests-")
    os.environ["NUMBA_CACHE_DIR"] = _folder.name
os.environ["NNTUI_NO_WARM"] = "1"
unfit.STRICT = True  # a fault in a sentence is a fault
os.environ["NNTUI_RECORD"] = "0"  # a test that wants recordings says so, and where
_data = tempfile.TemporaryDirectory(prefix="nntui-tests-")
os.environ["NNTUI_DATA"] = _data.name


@pytest.fixture(autouse=True, scope="session")
def _clean_up() -> Iterator[None]:
    yield
    _data.cleanup()
    if _folder is not None:
        _folder.cleanup()
