"""Dates as people write them: read where there is one way to, else not at all."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.text import dates


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("18 Sept 2018", "2018-09-18"),
        ("18. September 2018, 10:05 Uhr", "2018-09-18T10:05"),
        ("September 18th, 2018 at 1:05 PM", "2018-09-18T13:05"),
        ("Tue, 18 Sep 2018 10:05:09 GMT", "2018-09-18T10:05:09Z"),
        ("2019/11/15", "2019-11-15"),
        ("2019/11/15 10:05:09 +0130", "2019-11-15T10:05:09+01:30"),
        ("15.11.2019 0:05", "2019-11-15T00:05"),
        ("15/11/2019", "2019-11-15"),
        ("2019年11月15日 10:05", "2019-11-15T10:05"),
        ("2019. 11. 15. 10:05", "2019-11-15T10:05"),
        ("12 de mayo de 2019", "2019-05-12"),
        ("1er mai 2019", None),
        ("03/04/2019", None),
        ("04/04/2019", "2019-04-04"),
        ("2019/13/15", None),
        ("31.02.2019", None),
        ("15.11.2019 25:00", None),
        ("15.11.2019 13:00 PM", None),
        ("18 Smarch 2018", None),
        ("18.09.18", None),
        ("v1.15.11.2019", None),
        ("1714644000", None),
        ("", None),
    ],
)
def test_a_date_is_read_only_where_it_can_be_read_in_one_way(written: str, iso: str | None) -> None:
    assert dates.parse_date(written) == iso


@given(
    st.dates(date(1000, 1, 1)),
    st.sampled_from(["%Y/%m/%d", "%d.%m.%Y", "%d %B %Y", "%B %d, %Y", "%d %b %Y"]),
)
def test_every_day_is_read_as_itself(day: date, pattern: str) -> None:
    written = day.strftime(pattern)
    assert dates.parse_date(written) == day.isoformat()


@given(st.text(max_size=70))
def test_whatever_is_read_is_iso_8601(text: str) -> None:
    found = dates.parse_date(text)
    assert found is None or datetime.fromisoformat(found)
