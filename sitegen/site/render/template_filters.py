"""The filters of templates that need nothing but their arguments: addresses, dates, numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sitegen import timestamps
from sitegen.content.format.draft import printable
from sitegen.site import urls
from sitegen.site.views.contexts import Page
from sitegen.site.views.template_values import SiteView

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def href(path: str, page: Page) -> str:
    """Return the relative address of a site path from a page."""
    return page.root + urls.iri(path)


def absolute(path: str, site: SiteView) -> str:
    """Return the whole address of a site path; empty when nobody said where the site is."""
    return site.base_url + urls.percent_encode(path) if site.base_url else ""


def day(iso: str | None) -> str:
    """Return "15 September 2025"."""
    when = timestamps.parse(iso)
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}" if when else ""


def short_day(iso: str | None) -> str:
    """Return "15 Sep 2025"."""
    when = timestamps.parse(iso)
    return f"{when.day} {MONTHS[when.month - 1][:3]} {when.year}" if when else ""


def moment(iso: str | None) -> str:
    """Return "15 September 2025, 13:24", on the clock that the source used."""
    when: datetime | None = timestamps.parse(iso)
    if when is None:
        return ""
    return f"{day(iso)}, {when:%H:%M}" if len(iso or "") > 10 else day(iso)


def number(count: int) -> str:
    """Return "1,234"."""
    return f"{count:,}"


def plural(count: int, one: str, many: str) -> str:
    """Return "1 post" or "1,234 posts"."""
    return f"{count:,} {one if count == 1 else many}"


def host(url: str) -> str:
    """Return the host that a link leads to, as readers know it."""
    return urls.host_of(url) or url


def file_name(origin: str) -> str:
    """Return how a file is called of which the source gave an address or a path."""
    if origin.startswith("data:"):
        return ""
    return printable(re.split(r"[?#]", origin, maxsplit=1)[0].rstrip("/").rpartition("/")[2])


PLAIN: dict[str, Callable[..., Any]] = {
    "href": href, "absolute": absolute, "day": day, "short_day": short_day, "moment": moment,
    "number": number, "plural": plural, "host": host, "file_name": file_name,
}  # fmt: skip
