"""The server of the pages, for the tests of the review."""

from tests.web.conftest import browser, served

__all__ = ["browser", "served"]
