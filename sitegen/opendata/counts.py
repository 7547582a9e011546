"""Numbers of posts by month, kind and tag, without those that say too much about few posts.

All posts are one table of months and kinds, the posts with a common tag another. Topics are to be
tables of their own, like tags.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from sitegen.opendata import suppression
from sitegen.opendata.columns import Column
from sitegen.opendata.suppression import Bounds, Cell, Table
from sitegen.query.folding import fold
from sitegen.selection.queried_posts import Selected

Subject = Literal["all", "tag"]
UNDATED = "unknown"


class Count(NamedTuple):
    """A number of posts; None means all names, months or kinds."""

    subject: Subject
    name: str | None
    month: str | None
    kind: str | None
    posts: int


class Counts(NamedTuple):
    """The numbers that may be published, how many others are left out, and whole tags too."""

    rows: tuple[Count, ...]
    numbers_left_out: int
    tags_left_out: int


COUNT_COLUMNS = (
    Column("subject", "text", "all: all posts; tag: those with a tag", lambda row: row.subject),
    Column("name", "text", "the tag; no value for all posts", lambda row: row.name),
    Column("month", "text", "the month, or unknown; no value for all", lambda row: row.month),
    Column("kind", "text", "post, thread, reply, repost; no value for all", lambda row: row.kind),
    Column("posts", "number", "how many posts there are", lambda row: row.posts),
)


def count_posts(selected: Iterable[Selected], tags: Iterable[str], min_posts: int) -> Counts:
    """Count posts: all of them, and those with each of the folded `tags`."""
    everything = Counter[Cell]()
    by_tag: dict[str, Counter[Cell]] = {tag: Counter() for tag in sorted(tags)}
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for each in selected:
        cell = (each.day[:7] or UNDATED, each.kind)
        everything[cell] += 1
        own = {fold(tag): tag for tag in each.post.tags}
        for tag in own.keys() & by_tag.keys():
            by_tag[tag][cell] += 1
            spellings[tag][own[tag]] += 1
    tables = {_usual(spellings[tag]): table for tag, table in by_tag.items() if table}
    return _publish(everything, tables, min_posts)


def _usual(spellings: Counter[str]) -> str:
    return min(spellings, key=lambda spelling: (-spellings[spelling], spelling))


def _publish(everything: Table, tags: Mapping[str, Table], min_posts: int) -> Counts:
    """Return the numbers of all posts and of tags: none of these is larger than one of those."""
    total = suppression.add_totals(everything)
    rows: list[Count] = []
    floors: Counter[Cell] = Counter()
    hidden, dropped = 0, 0
    for name, counts in sorted(tags.items()):
        table = suppression.add_totals(counts)
        cells = suppression.suppress(table, min_posts, Bounds(ceilings=total))
        if cells is None:
            dropped += 1
            continue
        floors |= Counter(table)
        hidden += len(cells)
        rows += _rows("tag", name, table, cells)
    cells = suppression.suppress(total, min_posts, Bounds(floors=floors))
    cells = frozenset(total) if cells is None else cells
    rows = [*_rows("all", None, total, cells), *rows]
    return Counts(tuple(rows), hidden + len(cells), dropped)


def _rows(
    subject: Subject, name: str | None, table: Table, hidden: frozenset[Cell]
) -> Iterable[Count]:
    for month, kind in sorted(table.keys() - hidden):
        yield Count(subject, name, month or None, kind or None, table[month, kind])
