"""The newest state of an account stands, whatever the order in which its exports are imported."""

from __future__ import annotations

import itertools
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sitegen import content, importing, records
from sitegen.importers import Imported
from sitegen.importing.reading import Read
from sitegen.model import Author, Card, Counts, Media, Post, Profile
from sitegen.threads import group

NAMES = "abcdef"
MAY_BE_NONE = {
    "card": st.sampled_from([None, Card("One"), Card("Two", "of it"), Card("One", "and more")]),
    "warning": st.sampled_from([None, "Gulls", "Fog"]),
    "langs": st.sampled_from([(), ("en",), ("de",)]),
    "tags": st.sampled_from([(), ("sky",), ("sea", "sky")]),
    "url": st.sampled_from([None, "https://x.example/1", "https://y.example/1"]),
    "counts": st.builds(Counts, likes=st.integers(0, 3)),
    "media": st.sampled_from([(), (Media("image", None, "A pier", "a.jpg"),)]),
}


@st.composite
def versions(draw: st.DrawFn) -> list[Read]:
    """Return exports of one account, of different days: posts edited, added and deleted."""
    parents = {
        name: draw(st.sampled_from([None, *NAMES[:number]])) for number, name in enumerate(NAMES)
    }
    days = draw(st.lists(st.integers(1, 28), min_size=2, max_size=3, unique=True))
    return [draw(export(parents, day)) for day in days]


@st.composite
def export(draw: st.DrawFn, parents: dict[str, str | None], day: int) -> Read:
    """Return one export, of a day in June 2025."""
    names = draw(st.sets(st.sampled_from(NAMES), min_size=1, max_size=4))
    author = Author(draw(st.sampled_from(["ada", "ada_moor"])), "77", draw(st.sampled_from("AB")))
    posts = [
        Post(
            name,
            "x",
            draw(st.sampled_from([f"Post {name}", f"Post {name}, edited", f"Post *{name}*"])),
            f"2025-05-0{NAMES.index(name) + 1}T10:00:00Z",
            author,
            parents[name],
            **{field: draw(values) for field, values in MAY_BE_NONE.items()},  # type: ignore[arg-type]
        )
        for name in sorted(names)
    ]
    profile = Profile("77", "x", author.handle, author.name, bio=draw(st.sampled_from(["", "B"])))
    until = f"2025-06-{day:02}T12:00:00Z"
    imported = Imported(
        "an X archive", len(posts), group(posts), (profile,), until=until, complete=(("x", "77"),)
    )
    return Read(f"{day}.zip", None, imported)


def archive(reads: tuple[Read, ...]) -> tuple[list[str], list[Profile]]:
    """Import sources one after the other; return the export and the profiles."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "content"
        for read in reads:
            importing.brought_in(folder, Path(name) / "cache", (read,))
        lines = sorted(records.lines(content.archived(folder)).splitlines())
        return lines, [stored.profile for _, stored in content.read_profiles(folder)]


@given(versions())
def test_versions_of_one_account_give_one_archive_in_any_order(reads: list[Read]) -> None:
    first, *others = (archive(order) for order in itertools.permutations(reads))
    for other in others:
        assert other == first
