"""Exports, from a request to bytes: which posts, and as what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from sitegen import exchange
from sitegen.config.schema import Config
from sitegen.errors import UsageError
from sitegen.exchange.privacy_words import HIDE
from sitegen.opendata import csv_table, dataset, parquet_table
from sitegen.opendata.anonymity import key_file
from sitegen.opendata.anonymity.anonymous_posts import AnonymousPosts
from sitegen.opendata.anonymity.key_file import NO_KEY
from sitegen.opendata.columns import ANONYMOUS_COLUMNS, POST_COLUMNS, Column, Row, row_of
from sitegen.opendata.counts import COUNT_COLUMNS, Counts, Subjects, count_posts
from sitegen.opendata.dataset import Dataset
from sitegen.opendata.request import KEY_NAME, Format, Request
from sitegen.opendata.summary import count_of, list_counts
from sitegen.selection import hide_rules, queried_posts
from sitegen.selection.public_posts import NOT_PUBLIC, PublicPosts
from sitegen.selection.queried_posts import Selected
from sitegen.text.printing import without_surrogates

MIN_PIECE_BYTES = 1 << 18
Notes = Callable[[], Sequence[str]]


class Export(NamedTuple):
    """An export: its bytes, what the user should know about them, and what others should.

    `notes` and `describe` are complete when all `pieces` have been read, `first_notes` at once. A
    private export has no description.
    """

    pieces: Iterator[bytes]
    notes: Notes
    describe: Callable[[], Dataset] | None = None
    has_name: Callable[[str], bool] = lambda text: False
    first_notes: tuple[str, ...] = ()

    def check_file_name(self, name: str) -> None:
        """Raise UsageError for a name of a file that its data card must not, or cannot have."""
        if self.describe is not None and without_surrogates(name) != name:
            what = f"the data card cannot have the name {name}, which is not UTF-8"
            raise UsageError(what, hint="choose another one, such as open.jsonl.")
        if self.has_name(name):
            what = f"the name {name} names somebody of the archive"
            raise UsageError(what, hint="choose another one, such as open.jsonl.")


def prepare(config: Config, request: Request) -> Export:
    """Prepare an export. Raises UsageError, ContentError, ConfigError."""
    request.check()
    if request.format == "parquet":
        parquet_table.require()
    if request.is_backup:
        return _backup(config)
    if request.audience == "anonymous":
        return _anonymous(config, request)
    return _posts(config, request)


def _backup(config: Config) -> Export:
    """Return all posts, also hidden ones, with what hides them."""
    hidden: list[str] = []

    def lines() -> Iterator[str]:
        for thread in hide_rules.read_archive(config):
            hidden.extend([post.id for post in thread.posts if (HIDE, "true") in post.extra])
            yield exchange.lines((thread,))

    return Export(join(lines()), lambda: _notes_on_hidden(len(hidden)))


def _notes_on_hidden(count: int) -> list[str]:
    what = "1 hidden post" if count == 1 else f"{count:,} hidden posts"
    note = f"this export has {what}: keep it to yourself, or export with --public"
    return [note] if count else []


def _posts(config: Config, request: Request) -> Export:
    """Return the posts that a request selects, as they are."""
    query = queried_posts.parse_options(request.query, request.since)
    if request.audience == "owner":
        found = queried_posts.select_posts(config, query)
        return Export(encode_posts(found, request.format, POST_COLUMNS, _line), list)
    public = PublicPosts(config)
    selected = queried_posts.select_posts(config, query, public.leave_out)
    return Export(
        encode_posts(selected, request.format, POST_COLUMNS, _line_with_topics),
        partial(_notes_on_public, public),
        partial(dataset.describe_public, config, query, selected),
    )


def _anonymous(config: Config, request: Request) -> Export:
    """Return the public posts that a request selects, anonymous, or their numbers."""
    query = queried_posts.parse_options(request.query, request.since)
    if query.sort:
        what = f"sort:{query.sort} would say in which order posts of one day were written"
        raise UsageError(what, hint="leave it out: an anonymous export has an order of its own.")
    key = NO_KEY if request.contents == "counts" else key_file.load(_key_path(config, request))
    selected = queried_posts.select_posts(config, query, PublicPosts(config).leave_out)
    posts = AnonymousPosts(config, key.secret, selected, request.least_posts)
    if request.contents == "posts":
        return Export(
            encode_posts(posts, request.format, ANONYMOUS_COLUMNS, _line_with_topics),
            lambda: [*_notes_on_anonymous(posts)],
            partial(dataset.describe_anonymous, config, query, posts),
            posts.has_name,
            key.notes,
        )
    counts = count_posts(selected, _subjects(posts), request.least_posts)
    return Export(
        encode_counts(counts, request.format),
        lambda: [*_notes_on_counts(posts, counts)],
        partial(dataset.describe_counts, config, query, posts, counts),
        posts.has_name,
    )


def _subjects(posts: AnonymousPosts) -> Subjects:
    """Return what is counted: topics, where there are any, else tags."""
    common = posts.common
    return Subjects("topic", common.topics) if posts.has_topics else Subjects("tag", common.tags)


def _key_path(config: Config, request: Request) -> Path:
    return request.key or config.root / KEY_NAME


def _notes_on_anonymous(posts: AnonymousPosts) -> Iterator[str]:
    yield f"replaced {list_counts(posts.replaced)}"
    left_out = list_counts(posts.left_out)
    yield f"left out {left_out} that too few posts have, or that name somebody"
    yield from _notes_on_authors(posts)
    yield "public texts can be looked up, and with them who wrote them, unless --no-text"


def _notes_on_authors(posts: AnonymousPosts) -> Iterator[str]:
    if posts.few_authors:
        topics = count_of(posts.few_authors, "topic")
        why = f"only because fewer than {posts.min_authors} authors wrote about them"
        yield f"of these, {topics} {why}: min_authors under [topics] in sitegen.toml"


def _notes_on_counts(posts: AnonymousPosts, counts: Counts) -> Iterator[str]:
    subjects = posts.left_out[counts.subject] + counts.subjects_left_out
    numbers = count_of(counts.numbers_left_out, "number")
    left_out = count_of(subjects, counts.subject)
    yield f"left out {left_out} that too few posts have, or that name somebody"
    yield from _notes_on_authors(posts) if counts.subject == "topic" else ()
    yield f"left out {numbers} that would say too much about few posts"


def _notes_on_public(public: PublicPosts) -> list[str]:
    """Return a note on posts that may surprise: the site shows them, and the export has not."""
    count = public.left_out[NOT_PUBLIC]
    posts = "1 post is" if count == 1 else f"{count:,} posts are"
    what = f"{posts} left out that the site shows, because not everybody could read them"
    return [f"{what}, or their source does not say so"] if count else []


def _line(each: Selected) -> str:
    return exchange.line_of(each.post, each.thread, each.position)


def _line_with_topics(each: Selected) -> str:
    return exchange.line_of(each.post, each.thread, each.position, each.topics)


def encode_posts(
    selected: Iterable[Selected], form: Format, columns: Sequence[Column],
    line: Callable[[Selected], str],
) -> Iterator[bytes]:  # fmt: skip
    """Yield posts in a format: a table has these columns, JSON lines are made by `line`."""
    if form == "jsonl":
        return join(map(line, selected))
    return encode_table(columns, (row_of(columns, each) for each in selected), form)


def encode_counts(counts: Counts, form: Format) -> Iterator[bytes]:
    """Yield numbers of posts in a format."""
    if form == "jsonl":
        return join(exchange.json_line(row._asdict()) for row in counts.rows)
    return encode_table(COUNT_COLUMNS, (row_of(COUNT_COLUMNS, row) for row in counts.rows), form)


def encode_table(columns: Sequence[Column], rows: Iterable[Row], form: Format) -> Iterator[bytes]:
    """Yield a table as CSV or Parquet."""
    encode = csv_table.encode if form == "csv" else parquet_table.encode
    return encode(columns, rows)


def join(lines: Iterable[str]) -> Iterator[bytes]:
    """Yield lines as UTF-8, many at once."""
    waiting, size = [], 0
    for line in lines:
        waiting.append(line)
        size += len(line)
        if size > MIN_PIECE_BYTES:
            yield "".join(waiting).encode()
            waiting, size = [], 0
    yield "".join(waiting).encode()
