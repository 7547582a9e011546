"""Decide who may see an export's posts, from its profile, its name and earlier imports.

Only an account that is stated to be public, in known words, is public. A profile in other
words excludes posts; a missing profile does not, unless an
earlier part or an earlier import may have stated it.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from sitegen.model import Privacy, Visibility
from sitegen.sources import Options
from sitegen.sources.stated_visibility import most_restrictive

UNNAMED = "name the account with --account, or import the whole export"
ASK_UNKNOWN = "--include unknown"


class Access(Struct, frozen=True):
    """The decision about posts: their visibility, or the detail of their exclusion, and a note."""

    visibility: Visibility | None = None
    exclusion: str | None = None
    note: str | None = None


class KnownFacts(Struct, frozen=True):
    """What is known about an account on one network.

    `stated` is the privacy in its profile (None without one). `names` are possible handles, of
    which `confirmed` are stated in the export or by the user. `part` is the number of the first
    part of the download that is present, according to the file names.
    """

    network: str
    stated: Privacy | None
    names: Sequence[str] = ()
    confirmed: Sequence[str] = ()
    part: int | None = None


def access(known: KnownFacts, options: Options) -> Access:
    """Decide who may see an account's posts."""
    name = f"@{known.confirmed[0]}" if known.confirmed else "the account"
    before = most_restrictive(
        options.privacy.get((known.network, n.casefold())) for n in known.names
    )
    if known.stated == "public":
        return Access()
    if known.stated == "private" or (known.stated is None and before == "private"):
        return _private(name, options)
    if known.stated == "unknown" or before == "unknown":
        what = f"sitegen cannot read whether {name} is private"
        return _unknown("privacy not readable", what, options)
    if any(options.privacy.get((known.network, n.casefold())) == "public" for n in known.confirmed):
        return Access()
    if known.part is not None and known.part > 1:
        what = (
            f"only part {known.part} of a download is here, without the profile, so it is not "
            f"known whether {name} is private: import it together with part 1"
        )
        return _unknown("privacy not stated in this part", what, options)
    if not known.names and known.network in options.closed_beside:
        what = (
            "nothing says whose posts these are, and an account beside them is private or unread, "
            f"whose they may be: {UNNAMED}"
        )
        return _unknown("privacy not stated", what, options)
    if not known.names and _knows_only_private(known.network, options):
        what = (
            "nothing says whose posts these are, and all accounts of earlier imports are private "
            f"or unread: {UNNAMED}"
        )
        return _unknown("privacy not stated", what, options)
    return Access(
        "unknown",
        note=(
            f"warning: there is no profile (personal_information.json), so it is not known whether "
            f'{name} is private. The posts count as public, with visibility "unknown": import the '
            "whole export if it may be private."
        ),
    )


def _private(name: str, options: Options) -> Access:
    if "followers" in options.include:
        return Access("followers")
    note = f"{name} is private: its posts are left out. To include them: --include followers."
    return Access(exclusion="the account is private", note=note)


def _unknown(detail: str, what: str, options: Options) -> Access:
    if "unknown" in options.include:
        return Access("unknown")
    note = f"{what}. Its posts are left out. If they are public: {ASK_UNKNOWN}."
    return Access(exclusion=detail, note=note)


def _knows_only_private(network: str, options: Options) -> bool:
    """Return whether earlier imports know accounts of a network, but no public one."""
    states = {state for (where, _), state in options.privacy.items() if where == network}
    return bool(states) and "public" not in states
