"""The server of the pages, for the tests of the review."""

from tests.web.conftest import browser, office_made, quick_passwords, served, web_server

__all__ = ["browser", "office_made", "quick_passwords", "served", "web_server"]
