"""Time zones of the IANA database, from the package tzdata.

The data of the operating system differ from machine to machine; the same input must give the same
bytes.
"""

from __future__ import annotations

import difflib
import re
from importlib import resources
from zoneinfo import ZoneInfo

EXAMPLE = 'write it like "Europe/Berlin".'
_REVERSED = re.compile(r"(?:Etc/)?GMT[+-]\d+")
_OFFSET = re.compile(  # "GMT+1", "UTC -03:00"
    r"\s*(?P<area>Etc/)?(?:GMT|UTC|UT|Z)?\s*"
    r"(?P<sign>[+-])\s*(?P<hours>\d{1,2})(?::?(?P<minutes>\d\d))?\s*",
    re.IGNORECASE,
)


def names() -> frozenset[str]:
    """Return the names of all time zones."""
    return frozenset((resources.files("tzdata") / "zones").read_text("utf-8").split())


def load(name: str) -> ZoneInfo:
    """Load a time zone by its name, such as "Europe/Berlin"."""
    with resources.files("tzdata.zoneinfo").joinpath(*name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


def similar(name: str) -> list[str]:
    """Return the names that a mistyped one may mean: similar ones, or those of a city.

    None is `Etc/GMT+1` or the like, unless it was meant: its sign is the reverse of the usual one.
    """
    known = sorted(names())
    usual = [zone for zone in known if not _REVERSED.fullmatch(zone)]
    same = [zone for zone in known if zone.casefold() == name.casefold()]
    city = name.replace(" ", "_").rpartition("/")[2].casefold()
    of_city = [zone for zone in usual if city and zone.casefold().endswith(f"/{city}")]
    return same or of_city or difflib.get_close_matches(name, usual, 3, 0.8)


def advice(name: str) -> str:
    """Return a hint about a time zone that there is not."""
    offset = _OFFSET.fullmatch(name.replace("\u2212", "-"))
    meant = similar(name)
    if meant and (offset is None or meant[0].casefold() == name.casefold()):
        return f"did you mean {' or '.join(meant)}?"
    if offset is None or offset["area"] or int(offset["minutes"] or 0):
        return EXAMPLE
    return _advice_on_hours(int(f"{offset['sign']}{offset['hours']}"))


def _advice_on_hours(hours: int) -> str:
    """Return a hint for somebody who wrote the difference to UTC: positive in the east."""
    if not hours:
        return 'write it like "UTC".'
    zone = f"Etc/GMT{-hours:+}"
    if zone not in names():
        return EXAMPLE
    count = "1 hour" if abs(hours) == 1 else f"{abs(hours)} hours"
    relation = "ahead of" if hours > 0 else "behind"
    return f'a city is best, as in "Europe/Berlin"; always {count} {relation} UTC is "{zone}".'
