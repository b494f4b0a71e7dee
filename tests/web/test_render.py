"""How two values of a field are shown side by side."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.review.slow_line import fullest
from eligibility_audit.web.render import compared, day, likely
from tests.web.conftest import Served


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        pytest.param("Nguyễn Văn An", "nguyễn văn an", "same", id="capitals do not differ"),
        pytest.param("Nguyễn Văn Hòa", "Nguyễn Văn Hoà", "close", id="where the tone mark stands"),
        pytest.param("Nguyễn Văn Hòa", "Nguyen Van Hoa", "close", id="without marks"),
        pytest.param("Nguyễn Văn An", "Trần Thị Bình", "different", id="another name"),
        pytest.param("04/10/1949", "1949", "close", id="one side knows the year alone"),
        pytest.param("10/1949", "04/10/1949", "close", id="one side knows the month alone"),
        pytest.param("04/10/1949", "1950", "different", id="another year"),
        pytest.param("", "1949", "unknown", id="nothing to compare"),
        pytest.param(None, None, "unknown", id="nothing at all"),
    ],
)
def test_how_two_values_compare(one: str | None, other: str | None, how: str) -> None:
    assert compared(one, other)["is"] == how
    assert compared(other, one)["is"] == how


def test_the_letters_that_differ_are_marked() -> None:
    both = compared("Hòa", "Hoa")
    assert both["left"] == [("H", "same"), ("ò", "tone"), ("a", "same")]
    assert compared("An", "Ân")["right"] == [("Â", "tone"), ("n", "same")]
    assert compared("Lan", "Lam")["right"] == [("La", "same"), ("m", "other")]


@given(st.text(max_size=30), st.text(max_size=30))
def test_no_letter_is_lost(one: str, other: str) -> None:
    both = compared(one, other)
    assert "".join(text for text, _ in both["left"]) == one.strip()
    assert "".join(text for text, _ in both["right"]) == other.strip()


@pytest.mark.parametrize(("iso", "said"), [("1949", "1949"), ("1949-10", "10/1949"), ("1949-10-04", "04/10/1949")])
def test_a_day_is_written_as_far_as_it_is_known(iso: str, said: str) -> None:
    assert day(iso) == said


def test_the_fullest_case_page_goes_over_a_slow_line(served: Served) -> None:
    """1 Mbit/s is 125 KB a second: page, style and keys together, as sent. Seconds: benchmarks.review.slow_line."""
    served.office.cases.attach("run-2", [fullest(90)], served.clock())
    client = served.client("canbo")
    page = client.get("/cases/c-90", headers={"accept-encoding": "gzip"})
    assert page.text.count('class="compare"') == 12
    sent = [client.get(path) for path in ("/static/style.css", "/static/keys.js")]
    assert page.headers["content-encoding"] == "gzip"
    assert page.num_bytes_downloaded + sum(one.num_bytes_downloaded for one in sent) <= 60_000
    assert len(page.content) <= 200_000, "even where nothing is compressed"


@pytest.mark.parametrize(
    ("probability", "told"),
    [
        pytest.param(1.0, "trên 99,9 %", id="nothing is certain"),
        pytest.param(0.999, "99,9 %", id="the last that is told by its number"),
        pytest.param(0.5, "50,0 %", id="even"),
        pytest.param(0.0, "dưới 0,1 %", id="nor impossible"),
    ],
)
def test_a_likelihood_is_never_told_as_certain(probability: float, told: str) -> None:
    assert likely(probability) == told
