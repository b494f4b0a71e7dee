"""Every page in chromium: for screen readers and keyboards (axe-core), and on a small screen."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

from tests.web.conftest import PASSWORD, Served
from tests.web.filled import Filled, fill

pytestmark = pytest.mark.slow
GRAVE = ("serious", "critical")
NO_PAGES = ("/static", "/api/v1", "/cases/{case_id}/attachments/{document_id}", "/bulk/{bulk_id}/result.csv")
SIZES = {"desk": (1366, 768), "zoom": (683, 384), "phone": (360, 740)}
PICTURES = os.environ.get("EA_PICTURES")  # a folder: each page is kept there as a picture, to be looked at


@pytest.fixture
def filled(served: Served) -> Filled:
    return fill(served)


def test_no_page_is_hard_to_read_or_wider_than_the_screen(browser: Any, filled: Filled) -> None:
    """One browser and one log-in a role; axe is asked of each page at the desk, its width on each screen."""
    served, said, wide = filled.served, [], []
    for login, paths in filled.by_login.items():
        context = browser.new_context()
        page = context.new_page()
        if login:
            page.goto(served.url)
            page.fill("#login", login)
            page.fill("#password", PASSWORD)
            page.click("button.main")
        for path in paths:
            page.set_viewport_size(dict(zip(("width", "height"), SIZES["desk"], strict=True)))
            page.goto(served.url + path)
            page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
            found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
            said += [
                f"{path}: {each['id']} ({each['impact']}): {node['html'][:160]}"
                for each in found
                if each["impact"] in GRAVE
                for node in each["nodes"][:3]
            ]
            for name, (width, height) in SIZES.items():
                page.set_viewport_size({"width": width, "height": height})
                if page.evaluate("document.documentElement.scrollWidth") > width:
                    wide.append(f"{path} at {width}")
                if PICTURES:
                    file = f"{login or 'nobody'}-{re.sub(r'[^a-z0-9]+', '-', path)}-{name}.png"
                    page.screenshot(path=Path(PICTURES) / file, full_page=True)
        context.close()
    assert said == []
    assert wide == []


def addresses(app: Any) -> Iterator[str]:
    for route in app.routes:
        for inner in getattr(getattr(route, "original_router", None), "routes", [route]):
            if "GET" in (getattr(inner, "methods", None) or ()):
                yield inner.path
