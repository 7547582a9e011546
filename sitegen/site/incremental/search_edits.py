"""Edit the search index where no post changes its place in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from sitegen.site.cache.build_state import State, decode_item
from sitegen.site.incremental.search_index import MAX_SUM, Index, IndexFiles, thread_digest
from sitegen.site.output_folder import Output
from sitegen.site.parsing.items import ParsedFiles
from sitegen.site.search import edits
from sitegen.site.search.addresses import POSTS_PER_FILE, POSTS_PER_SEGMENT
from sitegen.site.views.contexts import Page
from sitegen.site.views.search.contexts import ResultsContext


def edit_index(
    last: State, parsed: ParsedFiles, pages: Iterable[Page], output: Output
) -> Index | None:
    """Return the index without its directory after edits of threads whose posts keep their places.

    `pages` are those that show these threads. Returns None without an index, or if more changed
    than words and keys of posts.
    """
    if last.index is None:
        return None
    files: dict[str, bytes] = {}
    segments = [*last.index.segments]
    read = IndexFiles(last, output, last.reading).read
    for number, posts in _posts_by_segment(pages, parsed).items():
        edited = edits.edited_posts(posts, last.searched, parsed.searched)
        if edited is None:
            return None
        before = segments[number]
        made = edits.edit(number, before, edited, read)
        if made.accounts != before.accounts:
            return None
        files |= made.files
        threads = _sum_after({source for _, source, _ in posts}, before.threads, last, parsed)
        segments[number] = replace(
            before, threads=threads, words=made.words, keys=made.keys, digests=made.digests
        )
    record = replace(last.index, segments=tuple(segments))
    if record.paths != last.index.paths:
        return None
    return Index(files, record)


def _posts_by_segment(
    pages: Iterable[Page], parsed: ParsedFiles
) -> dict[int, list[tuple[int, str, int]]]:
    """Return the numbers, content files and positions of the posts of edited threads."""
    posts: dict[int, list[tuple[int, str, int]]] = defaultdict(list)
    for number, source, position in _numbered(pages):
        if source in parsed.items:
            segment, own = divmod(number, POSTS_PER_SEGMENT)
            posts[segment].append((own, source, position))
    return posts


def _numbered(pages: Iterable[Page]) -> Iterator[tuple[int, str, int]]:
    for context in [page.context for page in pages]:
        if isinstance(context, ResultsContext):
            refs = zip(context.entries.sources, context.entries.positions, strict=True)
            for at, (source, position) in enumerate(refs, context.number * POSTS_PER_FILE):
                yield at, source, position


def _sum_after(sources: Iterable[str], before: int, last: State, parsed: ParsedFiles) -> int:
    """Return the sum of the digests of threads after edits of some of them."""
    for source in sources:
        old, new = decode_item(last.items[source]), parsed.items[source]
        before += thread_digest(new) - thread_digest(old)
    return before % MAX_SUM
