"""Dates as people write them: read where there is one way to, else not at all."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen import timestamps
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


# What the Nu HTML checker takes for a time: a day, or a time with a fraction of three digits.
HTML_TIME = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:?\d\d)?)?"
)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("2024-05-01", "2024-05-01"),
        ("2024-05-01T10:00", "2024-05-01T10:00"),
        ("2024-05-01 10:00:00+0200", "2024-05-01 10:00:00+0200"),
        ("2024-05-01T10:00:00.5Z", "2024-05-01T10:00:00.5Z"),
        ("2024-05-01T10:00:00.123456Z", "2024-05-01T10:00:00.123Z"),
        ("2024-05-01T10:00:00.123456-03:30", "2024-05-01T10:00:00.123-03:30"),
        ("2024-05-01T10:00:00.123456", "2024-05-01T10:00:00.123"),
        ("2024-05-01T10:00:00-00:00", "2024-05-01T10:00:00.000Z"),
        ("2024-05-01T10:00:00+01:00:30", "2024-05-01T08:59:30.000Z"),
        ("20240501T100000Z", "2024-05-01T10:00:00.000Z"),
        ("soon", "soon"),
    ],
)
def test_a_time_in_html_has_a_form_that_html_allows(written: str, shown: str) -> None:
    assert timestamps.html_time(written) == shown


@given(st.datetimes(timezones=st.none() | st.timezones()), st.sampled_from(["T", " "]))
def test_a_time_in_html_is_the_same_to_the_millisecond(when: datetime, separator: str) -> None:
    shown = timestamps.html_time(when.isoformat(separator))
    assert HTML_TIME.fullmatch(shown)
    parsed = datetime.fromisoformat(shown)
    assert (parsed.tzinfo is None) == (when.tzinfo is None)
    zone = when.tzinfo or UTC
    if 1 < when.year < 9999:  # the ends of Python's calendar have no time in every zone
        passed = when.replace(tzinfo=zone) - parsed.replace(tzinfo=parsed.tzinfo or UTC)
        assert timedelta(0) <= passed < timedelta(milliseconds=1)
