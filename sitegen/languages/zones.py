"""Time zones of the IANA database, from the package tzdata.

The data of the operating system differ from machine to machine; the same input must give the same
bytes.
"""

from __future__ import annotations

import difflib
from importlib import resources
from zoneinfo import ZoneInfo


def names() -> frozenset[str]:
    """Return the names of all time zones."""
    return frozenset((resources.files("tzdata") / "zones").read_text("utf-8").split())


def load(name: str) -> ZoneInfo:
    """Load a time zone by its name, such as "Europe/Berlin"."""
    with resources.files("tzdata.zoneinfo").joinpath(*name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


def similar(name: str) -> list[str]:
    """Return the names that a mistyped one may mean: similar ones, or those of a city."""
    known = sorted(names())
    city = name.replace(" ", "_").rpartition("/")[2].casefold()
    of_city = [zone for zone in known if city and zone.casefold().endswith(f"/{city}")]
    return of_city or difflib.get_close_matches(name, known, 3, 0.8)
