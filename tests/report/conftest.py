"""What the tests of pages share."""

import pytest
from tests.browser import Browser, executable


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    """A browser of the module's own; its tests skip where none is installed."""
    executable()
    started = Browser(tmp_path_factory.mktemp("profile"))
    yield started
    started.close()
