"""Numbers of posts by month, kind and topic, without those that say too much about few posts.

All posts are one table of months and kinds, the posts about a topic another. Where no post is about
a topic, tags take their place.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Literal, NamedTuple

from sitegen.opendata import suppression
from sitegen.opendata.columns import Column
from sitegen.opendata.suppression import Bounds, Cell, Table
from sitegen.query.folding import fold
from sitegen.selection.queried_posts import Selected

SubjectKind = Literal["topic", "tag"]
UNDATED = "unknown"


class Subjects(NamedTuple):
    """What posts are counted by besides month and kind: topics, or tags, which are folded."""

    kind: SubjectKind
    names: Collection[str]

    def of(self, selected: Selected) -> dict[str, str]:
        """Return the subjects of a post as it writes them, by how they are compared."""
        written = selected.topics if self.kind == "topic" else selected.post.tags
        own = {name if self.kind == "topic" else fold(name): name for name in written}
        return {key: name for key, name in own.items() if key in self.names}


class Count(NamedTuple):
    """A number of posts; None means all names, months or kinds."""

    subject: Literal["all"] | SubjectKind
    name: str | None
    month: str | None
    kind: str | None
    posts: int


class Counts(NamedTuple):
    """The numbers that may be published, how many others are left out, and whole subjects too.

    `subject` is what the subjects are.
    """

    subject: SubjectKind
    rows: tuple[Count, ...]
    numbers_left_out: int
    subjects_left_out: int


COUNT_COLUMNS = (
    Column(
        "subject", "text",
        "all: all posts; topic: those about one; tag: those with one, where no post has topics",
        lambda row: row.subject,
    ),
    Column("name", "text", "the topic or tag; no value for all posts", lambda row: row.name),
    Column("month", "text", "the month, or unknown; no value for all", lambda row: row.month),
    Column("kind", "text", "post, thread, reply, repost; no value for all", lambda row: row.kind),
    Column("posts", "number", "how many posts there are", lambda row: row.posts),
)  # fmt: skip


def count_posts(selected: Iterable[Selected], subjects: Subjects, min_posts: int) -> Counts:
    """Count posts: all of them, and those of each subject."""
    everything = Counter[Cell]()
    by_subject: dict[str, Counter[Cell]] = {key: Counter() for key in sorted(subjects.names)}
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for each in selected:
        cell = (each.day[:7] or UNDATED, each.kind)
        everything[cell] += 1
        for key, name in subjects.of(each).items():
            by_subject[key][cell] += 1
            spellings[key][name] += 1
    tables = {_usual(spellings[key]): table for key, table in by_subject.items() if table}
    return _publish(subjects.kind, everything, tables, min_posts)


def _usual(spellings: Counter[str]) -> str:
    return min(spellings, key=lambda spelling: (-spellings[spelling], spelling))


def _publish(
    kind: SubjectKind, everything: Table, subjects: Mapping[str, Table], min_posts: int
) -> Counts:
    """Return the numbers of all posts and of subjects: none of these is larger than one of those.

    What subjects have in common is taken to be unknown.
    """
    total = suppression.add_totals(everything)
    rows: list[Count] = []
    floors: Counter[Cell] = Counter()
    hidden, dropped = 0, 0
    for name, table in sorted(subjects.items()):
        numbers, level = suppression.publish_part(table, min_posts, total)
        dropped += not numbers
        floors |= Counter(level)
        hidden += len(level) - len(numbers)
        rows += _rows(kind, name, numbers)
    cells = suppression.suppress(total, min_posts, Bounds(floors=floors))
    seen = {} if cells is None else {cell: n for cell, n in total.items() if cell not in cells}
    rows = [*_rows("all", None, seen), *rows]
    return Counts(kind, tuple(rows), hidden + len(total) - len(seen), dropped)


def _rows(subject: Literal["all"] | SubjectKind, name: str | None, table: Table) -> Iterable[Count]:
    for month, kind in sorted(table):
        yield Count(subject, name, month or None, kind or None, table[month, kind])
