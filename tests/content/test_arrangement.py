"""Laws: whatever people do with the files of posts stays, whichever exports they import then."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st
from laws import long_law
from people import NAMES, PARENTS, Archive, export, words
from trees import differences

PLACES = ("mine.md", "2025/mine.md", "2025/may/mine.md")


def with_parents(names: set[str]) -> set[str]:
    """Return posts with all posts above them."""
    up = {parent for name in names if (parent := PARENTS[name])}
    return names if up <= names else with_parents(names | up)


@dataclass
class Person:
    """What a person did with an archive, as it shall stay."""

    archive: Archive
    gone: set[str] = field(default_factory=set)
    edited: dict[str, str] = field(default_factory=dict)
    newest: dict[str, int] = field(default_factory=dict)
    titled: set[str] = field(default_factory=set)
    files: int = 0

    def do(self, what: str, one: int, other: int) -> None:
        """Do one thing, where it is possible."""
        names = sorted(self.archive.places())
        if not names:
            return
        name, second = names[one % len(names)], names[other % len(names)]
        page = next(order for order in self.archive.orders() if name in order)
        is_same = second in page
        self.titled |= {*page} if self.titled & {*page} else set()
        self.files += 1
        path = PLACES[other % 3].replace("mine", f"mine{self.files}")
        if what.startswith("split") and len(page) > 1:
            after = page[page.index(name) :][: 1 + other % 3]
            identity = {"split": "same", "split, other id": f"own{self.files}"}.get(what)
            self.archive.split(after[: len(page) - 1], path, identity)
            self.titled |= {*after} if identity != "same" else set()
        elif what == "join" and not is_same:
            self.archive.join(name, second)
        elif what == "rename":
            self.archive.rename(name, path)
        elif what == "reorder":
            turn = 1 + other % len(page)
            places = range(len(page))
            self.archive.reorder(name, [*places[turn:], *places[:turn]])
        elif what == "edit" and name not in self.edited:
            self.archive.edit(name, f"\n{self.archive.texts()[name]}\n", f"\nMine {name}\n")
            self.edited[name] = f"Mine {name}"
        elif what == "delete" and len(names) > 2:
            self.archive.delete(name)
            self.gone.add(name)
        elif what == "delete file" and len(page) * 2 < len(names):
            self.archive.delete(*page)
            self.gone |= {*page}

    def bring_in(self, names: set[str], day: int) -> None:
        """Import an export, and check that all is as the person left it.

        An export with new posts has all that they answer: where some are missing, threads fall
        apart, and an import joins them as soon as it has the rest.
        """
        if not names <= self.archive.places().keys() | self.gone:
            names = with_parents(names)
        before, orders = self.archive.places(), self.archive.orders()
        done = self.archive.bring_in(export(names, day, likes=day), deletions="accept")
        after = self.archive.places()
        for name in names - self.gone:
            self.newest[name] = max(day, self.newest.get(name, 0))
        assert after.keys() == before.keys() | (names - self.gone)
        assert done.changes.withheld == len(names & self.gone)
        assert {name: after[name] for name in before} == before
        now = {name: order for order in self.archive.orders() for name in order}
        for order in orders:
            assert [name for name in now[order[0]] if name in order] == order
        for name in after.keys() - before.keys():
            if (parent := PARENTS[name]) in after:
                assert after[name] == after[parent]
        texts = {name: words(name, self.newest[name]) for name in after}
        texts |= {name: text for name, text in self.edited.items() if name in after}
        assert self.archive.texts() == texts
        conflicts = {conflict.path for conflict in done.changes.conflicts}
        edited = after.keys() & (self.edited.keys() | self.titled)
        assert conflicts <= {after[name] for name in edited}
        written = self.archive.tree()
        again = self.archive.bring_in(export(names, day, likes=day), deletions="accept")
        assert not differences(self.archive.tree(), written)
        assert (again.changes.created, again.changes.updated) == ({}, {})


KINDS = (
    "split", "split, other id", "split, no id", "join", "rename", "reorder", "edit", "delete", "delete file",
)  # fmt: skip
DEED = st.tuples(st.sampled_from(KINDS), st.integers(0, 8), st.integers(0, 8))
EXPORT = st.tuples(st.sets(st.sampled_from(NAMES)), st.integers(1, 28))
WHOLE = st.tuples(st.just({*NAMES}), st.integers(1, 28))


@long_law
@example({*"abp"}, 1, [([("join", 0, 2), ("split", 0, 0)], ({*NAMES}, 1))])
@example({*"abc"}, 1, [([("split, other id", 0, 1), ("split", 0, 0)], ({*NAMES}, 1))])
@example({*"abe"}, 2, [([("split", 0, 0)], ({*"abc"}, 1))])
@example(
    {*"abc"},
    1,
    [
        ([("split, other id", 0, 1), ("split", 0, 0)], ({*"abcde"}, 1)),
        ([("split", 1, 0)], ({*NAMES}, 1)),
    ],
)
@example(
    {*"abc"},
    2,
    [([("split", 0, 0)], ({*NAMES}, 1)), ([("split", 3, 0)], ({*NAMES}, 1))],
)
@example({*NAMES}, 1, [([("split", 0, 0), ("join", 8, 0), ("split", 0, 0)], ({*"abcz"}, 15))])
@given(
    st.sets(st.sampled_from(NAMES), min_size=3),
    st.integers(1, 28),
    st.lists(st.tuples(st.lists(DEED, max_size=3), EXPORT | WHOLE), min_size=1, max_size=4),
)
def test_what_people_do_with_files_stays(
    first: set[str], day: int, later: list[tuple[list[tuple[str, int, int]], tuple[set[str], int]]]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        person = Person(Archive(Path(name)))
        person.bring_in(first, day)
        for deeds, (names, then) in later:
            for deed in deeds:
                person.do(*deed)
            person.bring_in(names, then)
