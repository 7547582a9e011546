"""Read the text of a page that shows a Bluesky profile's latest posts: posts, threads, bios.

A page has the lines of each post and a statistics line, newest first, then the descriptions of
accounts that the profile follows. What the text does not state is derived if that is certain,
marked as a doubt if it is likely, and otherwise left empty.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from sitegen.errors import SourceError
from sitegen.model import Author, Post, Profile, Thread
from sitegen.sources import Doubt, Exclusion, Imported, Options, Source
from sitegen.sources.accounting import Accounting
from sitegen.sources.derived_ids import digest, number_duplicates, post_id
from sitegen.sources.numbered_threads import cues
from sitegen.sources.page_text.bios import Bio, split_bios
from sitegen.sources.page_text.page_breaks import CUT_OFF, SEVERAL, Descriptions, Pages, split_pages
from sitegen.sources.page_text.page_lines import has_statistics, read_lines
from sitegen.sources.page_text.posts.boundaries import Block, Split, minutes_of, split_page
from sitegen.sources.page_text.posts.embeds import card_url, split_attachments
from sitegen.sources.page_text.reposts import (
    OUT_OF_ORDER,
    OUTLIER,
    THIRD_PERSON,
    find_repeats,
    is_about,
    out_of_order,
    outlier_limit,
    points_elsewhere,
)
from sitegen.sources.page_text.threads import ThreadPost, group_posts
from sitegen.sources.plain_links import find_links
from sitegen.sources.source_files import read_file

NETWORK = "bluesky"
_BY_WORDS = (
    "The lines above its text are taken for the description of an attachment, by their words."
)
_BROKEN = "the page breaks off in the date of its statistics line"
_DOUBTS_ABOUT_LINES = frozenset((_BY_WORDS, SEVERAL, CUT_OFF))  # others are about the author


class PageText:
    """The text of a profile page, with a statistics line below each post."""

    name = "page text"
    looks_for = "lines such as `15.09.2025 13:24 — 👍 2 🔁 0 💬 0 📌 0`"

    def detect(self, source: Source) -> str | None:
        """Return what the source is if its head shows a statistics line."""
        return "the text of a profile page" if has_statistics(source.head) else None

    def read(self, source: Source, options: Options) -> Imported:
        """Read the whole page. Raises SourceError."""
        return self.read_bytes(read_file(source.path), source.path, options)

    def read_bytes(self, data: bytes, path: Path, options: Options) -> Imported:
        """Read the text of a page from any origin. Raises SourceError with `path`."""
        page = read_lines(data, path)
        split = split_page(page.lines)
        if not split.blocks and split.broken is None:
            raise SourceError(
                "has no statistics line, so posts cannot be separated",
                path=path,
                hint=f"sitegen looked for {self.looks_for}.",
            )
        account = (options.account or "").strip().lstrip("@").lower()
        pages = split_pages(split.blocks, minutes_of(split.blocks))
        threads, exclusions = _threads_of_pages(pages, account)
        descriptions = (*pages.between, Descriptions(split.tail_first, split.tail))
        bios = [bio for each in descriptions for bio in split_bios(each.lines, each.first)]
        accounting = Accounting()
        accounting.records = len(split.blocks)
        accounting.exclusions += exclusions
        if split.broken:
            first, last = split.broken
            accounting.count_excluded(f"lines {first} to {last}", "damaged", _BROKEN)
        accounting.repairs.update(page.repairs)
        accounting.note(*page.notes, *_notes(split, pages, threads, account))
        doubts = (*page.doubts, *_doubts(split, bios))
        return replace(
            accounting.report("the text of a profile page", threads, _profiles(bios, account)),
            doubts=tuple(sorted(doubts, key=lambda doubt: doubt.line)),
        )


class _ListedPost(NamedTuple):
    """A listed post, its id, and the doubt about which lines are its own."""

    block: Block
    id: str
    doubt: str | None


def _threads_of_pages(
    pages: Pages, account: str
) -> tuple[tuple[Thread, ...], tuple[Exclusion, ...]]:
    """Convert all pages to threads, and exclude repeated posts."""
    blocks = pages.blocks
    repeated = find_repeats(blocks, pages.starts)
    indexes = [index for index in range(len(blocks)) if index not in repeated]
    derived = [post_id(blocks[i].minute or "undated", blocks[i].text) for i in indexes]
    ids = dict(zip(indexes, number_duplicates(derived), strict=True))
    exclusions = tuple(
        Exclusion(f"line {blocks[index].last}", reason, ids[original])
        for index, (original, reason) in sorted(repeated.items())
    )
    threads: list[Thread] = []
    for start, end in pairwise((*pages.starts, len(blocks))):
        page = [
            _ListedPost(blocks[i], ids[i], pages.doubts.get(i))
            for i in range(start, end)
            if i in ids
        ]
        threads += _threads(page, account)
    return tuple(threads), exclusions


def _threads(listed: Sequence[_ListedPost], account: str) -> Iterator[Thread]:
    """Convert a page's posts, newest first, to threads, oldest root first."""
    minutes = minutes_of([entry.block for entry in listed])
    reposted = out_of_order(minutes)
    posts = [
        _post(entry, _doubts_about_author(entry.block, at in reposted, account), account)
        for at, entry in enumerate(listed)
    ]
    foreign = {at for at, post in enumerate(posts) if _may_be_foreign(post)}
    own = [at for at in reversed(range(len(posts))) if at not in foreign]
    groups = group_posts([_thread_post(posts[at], minutes[at]) for at in own])
    limit = outlier_limit([posts[at].counts.likes or 0 for at in own])
    indexes = [*([own[i] for i in group] for group in groups), *([at] for at in foreign)]
    for group in sorted(indexes, key=lambda indexes: -indexes[0]):
        thread = [posts[at] for at in group]
        if len(thread) == 1 and _is_outlier(thread[0], limit):
            doubts = (OUTLIER, *thread[0].uncertain)
            thread = [replace(thread[0], author=Author(), uncertain=doubts)]
        yield _thread(thread)


def _thread(posts: Sequence[Post]) -> Thread:
    parents: list[str | None] = [None, *(post.id for post in posts)]
    replies = tuple(replace(p, reply_to=up) for p, up in zip(posts, parents, strict=False))
    return Thread(replies[0].id, NETWORK, replies)


def _thread_post(post: Post, minute: int) -> ThreadPost:
    return ThreadPost(minute, post.counts.replies, post.counts.likes or 0, cues(post.text))


def _post(entry: _ListedPost, doubts: Sequence[str], account: str) -> Post:
    block = entry.block
    all_links = find_links(block.text)
    shown = len(all_links.values("link")) + len(all_links.cut_links)
    parts = split_attachments(block.lines, shown)
    text_links = find_links(parts.text)
    links = text_links.values("link")
    card = parts.card
    if card:
        card = replace(card, url=card_url(card, links, len(text_links.cut_links)))
    doubts_about_lines = (entry.doubt, _BY_WORDS if parts.is_by_words else None)
    return Post(
        id=entry.id,
        network=NETWORK,
        text=parts.text,
        created_at=block.minute,
        author=Author() if doubts else Author(handle=account or None),
        facets=text_links.facets,
        links=links,
        mentions=text_links.values("mention"),
        tags=text_links.values("tag"),
        cut_links=text_links.cut_links,
        media=parts.media,
        card=card,
        counts=block.counts,
        uncertain=(*doubts, *filter(None, doubts_about_lines)),
    )


def _doubts_about_author(block: Block, is_out_of_order: bool, account: str) -> list[str]:
    """Return the reasons why someone else may have written a post."""
    doubts = [OUT_OF_ORDER] if is_out_of_order else []
    if account and is_about(block.text, account):
        doubts.append(THIRD_PERSON.format(account))
    return doubts


def _may_be_foreign(post: Post) -> bool:
    return not _DOUBTS_ABOUT_LINES.issuperset(post.uncertain)


def _is_outlier(post: Post, limit: float) -> bool:
    return (post.counts.likes or 0) >= limit and points_elsewhere(post.text)


def _profiles(bios: Sequence[Bio], account: str) -> tuple[Profile, ...]:
    """Return the owner's profile and those of the described accounts, whose names are unknown."""
    ids = number_duplicates([f"bio-{digest(bio.text)}" for bio in bios])
    owner = (Profile(id=account, network=NETWORK, handle=account),) if account else ()
    followed = (
        Profile(id=bio_id, network=NETWORK, bio=bio.text, followed_by=account)
        for bio_id, bio in zip(ids, bios, strict=True)
    )
    return (*owner, *followed)


def _doubts(split: Split, bios: Sequence[Bio]) -> Iterator[Doubt]:
    for bio in bios:
        if not bio.is_certain:
            yield Doubt(bio.first, "another bio may not begin here")
    for block in split.blocks:
        yield from (Doubt(block.last, what) for what in block.doubts)
    if split.broken:
        yield Doubt(split.broken[1], f"the post above is left out: {_BROKEN}")


def _notes(split: Split, pages: Pages, threads: Sequence[Thread], account: str) -> Iterator[str]:
    if (count := len(pages.starts)) > 1:
        yield f"{count} pages in one file: uncertain parts are listed below."
    if rounded := sum(block.rounded for block in split.blocks):
        counts = "1 count is" if rounded == 1 else f"{rounded:,} counts are"
        yield f"{counts} rounded, as on the page (1.2K)."
    if not account:
        hint = _owner_hint(threads)
        yield f"The page does not say whose it is: give --account to name the author.{hint}"


def _owner_hint(threads: Sequence[Thread]) -> str:
    """Name the accounts that a page mentions most often, one of which may be its owner."""
    mentions = Counter(m for t in threads for p in t.posts for m in p.mentions)
    highest = max(mentions.values(), default=0)
    names = [f"@{handle}" for handle, count in sorted(mentions.items()) if count == highest > 1]
    return f" It mentions {' and '.join(names)} most often." if names else ""
