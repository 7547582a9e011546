"""The text of a page that shows a Bluesky profile's latest posts: posts, threads, bios.

A page shows, newest first, each post's lines and a statistics line, then the descriptions
of accounts that the profile follows. What the text does not state is derived where it can be
proved, marked as a doubt where it can be guessed, and left empty where it cannot be known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from sitegen.errors import SourceError
from sitegen.model import Author, Post, Profile, Thread
from sitegen.sources import Doubt, Exclusion, Imported, Options, Source
from sitegen.sources.accounting import Accounting
from sitegen.sources.derived_ids import digest, number_duplicates, post_id
from sitegen.sources.numbered_threads import cues
from sitegen.sources.page_text.bios import split_bios
from sitegen.sources.page_text.page_breaks import CUT_OFF, SEVERAL, Described, Pages, split_pages
from sitegen.sources.page_text.page_lines import has_statistics, read_lines
from sitegen.sources.page_text.posts.boundaries import Block, Split, moments, split_page
from sitegen.sources.page_text.posts.embeds import card_url, part
from sitegen.sources.page_text.reposts import (
    OUT_OF_ORDER,
    OUTLIER,
    THIRD_PERSON,
    out_of_order,
    outlier_bar,
    points_away,
    repeats,
    speaks_of,
)
from sitegen.sources.page_text.threads import Item, chains
from sitegen.sources.plain_links import find_links
from sitegen.sources.source_files import read_file

NETWORK = "bluesky"
_BY_WORDS = (
    "The lines above its text are taken for the description of an attachment, by their words."
)
_OF_ITS_LINES = frozenset((_BY_WORDS, SEVERAL, CUT_OFF))  # the other doubts are about the author


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
        pages = split_pages(split.blocks, moments(split.blocks))
        accounting = Accounting()
        accounting.records = len(split.blocks)
        accounting.repairs.update(page.repairs)
        posts = _Posts.of(pages, account)
        accounting.exclusions += posts.exclusions
        profiles, doubts = _profiles(
            (*pages.between, Described(split.tail_first, split.tail)), account
        )
        lost = _broken(split, accounting)
        accounting.note(*page.notes, *_notes(split, pages), *_owner_note(posts.threads, account))
        return replace(
            accounting.report("the text of a profile page", posts.threads, profiles),
            doubts=_by_line(*page.doubts, *doubts, *_unread(split), *lost),
        )


@dataclass(frozen=True, slots=True)
class _Listed:
    """A listed post, its id, and the doubt about which lines are its own."""

    block: Block
    name: str
    doubt: str | None


@dataclass(frozen=True, slots=True)
class _Posts:
    """The posts of a page in threads, and the blocks that are not posts."""

    threads: tuple[Thread, ...]
    exclusions: tuple[Exclusion, ...]

    @classmethod
    def of(cls, pages: Pages, account: str) -> _Posts:
        blocks = pages.blocks
        twice = repeats(blocks, pages.starts)
        indexes = [index for index in range(len(blocks)) if index not in twice]
        names = number_duplicates(
            [post_id(blocks[i].minute or "undated", blocks[i].text) for i in indexes]
        )
        ids = dict(zip(indexes, names, strict=True))
        exclusions = tuple(
            Exclusion(f"line {blocks[index].last}", reason, ids[first])
            for index, (first, reason) in sorted(twice.items())
        )
        listed = [_Listed(blocks[i], ids[i], pages.doubts.get(i)) for i in indexes]
        bounds = zip(pages.starts, (*pages.starts[1:], len(blocks)), strict=True)
        counted = (
            [name for i, name in zip(indexes, listed, strict=True) if s <= i < e] for s, e in bounds
        )
        return cls(tuple(t for page in counted for t in _threads(page, account)), exclusions)


def _threads(listed: Sequence[_Listed], account: str) -> tuple[Thread, ...]:
    """Convert a page's blocks, newest first, to threads, by the time of the root."""
    blocks = [entry.block for entry in listed]
    at_minute = moments(blocks)
    reposted = out_of_order(at_minute)
    posts = [
        _post(entry, _reasons(entry.block, at in reposted, account), account)
        for at, entry in enumerate(listed)
    ]
    own = [at for at in reversed(range(len(posts))) if not _foreign(posts[at])]
    threads = chains([_item(posts[at], at_minute[at]) for at in own])
    groups = [[own[i] for i in chain] for chain in threads]
    bar = outlier_bar([posts[at].counts.likes or 0 for at in own])
    groups += [[at] for at in range(len(posts)) if _foreign(posts[at])]
    for group in groups:
        if len(group) == 1 and _is_outlier(posts[group[0]], bar):
            posts[group[0]] = _doubted(posts[group[0]], OUTLIER)
    groups.sort(key=lambda group: -group[0])
    return tuple(_thread([posts[at] for at in group]) for group in groups)


def _thread(posts: Sequence[Post]) -> Thread:
    above: list[str | None] = [None, *(post.id for post in posts)]
    replies = tuple(replace(p, reply_to=up) for p, up in zip(posts, above, strict=False))
    return Thread(replies[0].id, NETWORK, replies)


def _item(post: Post, moment: int) -> Item:
    return Item(moment, post.counts.replies, post.counts.likes or 0, cues(post.text))


def _post(entry: _Listed, reasons: Sequence[str], account: str) -> Post:
    block = entry.block
    parts = part(block.lines, _displays(block.text))
    text_links = find_links(parts.text)
    links = text_links.values("link")
    card = parts.card
    if card:
        card = replace(card, url=card_url(card, links, len(text_links.cut_links)))
    by_words = (_BY_WORDS,) if parts.by_words else ()
    described = (entry.doubt,) if entry.doubt else ()
    return Post(
        id=entry.name,
        network=NETWORK,
        text=parts.text,
        created_at=block.minute,
        author=Author(handle=account or None) if not reasons else Author(),
        facets=text_links.facets,
        links=links,
        mentions=text_links.values("mention"),
        tags=text_links.values("tag"),
        cut_links=text_links.cut_links,
        media=parts.media,
        card=card,
        counts=block.counts,
        uncertain=(*reasons, *described, *by_words),
    )


def _displays(text: str) -> int:
    found = find_links(text)
    return len(found.values("link")) + len(found.cut_links)


def _reasons(block: Block, old: bool, account: str) -> list[str]:
    """Return the reasons why someone else may have written a post."""
    reasons = [OUT_OF_ORDER] if old else []
    if account and speaks_of(block.text, account):
        reasons.append(THIRD_PERSON.format(account))
    return reasons


def _foreign(post: Post) -> bool:
    return any(reason not in _OF_ITS_LINES for reason in post.uncertain)


def _is_outlier(post: Post, bar: float) -> bool:
    return (post.counts.likes or 0) >= bar and points_away(post.text)


def _doubted(post: Post, reason: str) -> Post:
    return replace(post, author=Author(), uncertain=(reason, *post.uncertain))


def _profiles(
    described: Sequence[Described], account: str
) -> tuple[tuple[Profile, ...], list[Doubt]]:
    bios = [bio for found in described for bio in split_bios(found.lines, found.first)]
    ids = number_duplicates([f"bio-{digest(bio.text)}" for bio in bios])
    followed = tuple(
        Profile(id=name, network=NETWORK, bio=bio.text, followed_by=account)
        for name, bio in zip(ids, bios, strict=True)
    )
    doubts = [Doubt(bio.first, "another bio may not begin here") for bio in bios if not bio.sure]
    owner = (Profile(id=account, network=NETWORK, handle=account),) if account else ()
    return (*owner, *followed), doubts


def _unread(split: Split) -> list[Doubt]:
    return [Doubt(block.last, what) for block in split.blocks for what in block.doubts]


def _notes(split: Split, pages: Pages) -> tuple[str, ...]:
    rounded = sum(block.rounded for block in split.blocks)
    several = len(pages.starts)
    notes = (
        f"{several} pages in one file: uncertain parts are listed below." if several > 1 else "",
        _rounding_note(rounded),
    )
    return tuple(note for note in notes if note)


def _broken(split: Split, accounting: Accounting) -> list[Doubt]:
    """Exclude the post at which the page breaks off; return the doubt about it."""
    if split.broken is None:
        return []
    first, last = split.broken
    reason = "the page breaks off in the date of its statistics line"
    accounting.count_excluded(f"lines {first} to {last}", "damaged", reason)
    return [Doubt(last, f"the post above is left out: {reason}")]


def _owner_note(threads: Sequence[Thread], account: str) -> tuple[str, ...]:
    """Describe what is missing if no owner was stated, and who it may be."""
    if account:
        return ()
    mentions = Counter(m for t in threads for p in t.posts for m in p.mentions)
    highest = max(mentions.values(), default=0)
    named = [f"@{handle}" for handle, count in sorted(mentions.items()) if count == highest > 1]
    hint = f" It mentions {' and '.join(named)} most often." if named else ""
    return (f"The page does not say whose it is: give --account to name the author.{hint}",)


def _by_line(*doubts: Doubt) -> tuple[Doubt, ...]:
    return tuple(sorted(doubts, key=lambda doubt: doubt.line))


def _rounding_note(rounded: int) -> str:
    if not rounded:
        return ""
    counts = "1 count is" if rounded == 1 else f"{rounded:,} counts are"
    return f"{counts} rounded, as on the page (1.2K)."
