"""Import records in content/.imported/: what sitegen last wrote, and from which sources.

They are committed with the archive. `YYYY.jsonl`, by a post's year, and `undated.jsonl` (deleted
posts, too, whose year only some imports know) have a line for each post: the digests of its parts,
by which the parts that a person edited are known, and the states of their sources. `threads.jsonl`
has the digests of front matter, `profiles.jsonl` those of profiles, `accounts.jsonl` what sources
state about whole accounts, and `sources.jsonl` has a line for each source that was imported. The
files have one JSON object per line, sorted, so that git can unite the lines of two people;
duplicate lines are united here.

While an import writes, `journal.jsonl` has the lines that it will have written: if it is stopped,
a part that has the digest of either is untouched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from sitegen.content.format.draft import Parts
from sitegen.content.format.recorded import HISTORY
from sitegen.content.imported import record_files
from sitegen.content.imported.record_files import FOLDER, JOURNAL, read_lines
from sitegen.content.imported.record_lines import (
    AccountLine,
    JournalLine,
    Key,
    NetworkLine,
    PostLine,
    ProfileLine,
    SourceLine,
    ThreadLine,
    merge_accounts,
    merge_posts,
    merge_profiles,
    merge_sources,
    merge_threads,
)
from sitegen.content.imported.stamps import Seen


class ImportRecords(Struct, frozen=True):
    """All records of earlier imports, by network and id.

    `written` are the keys of posts that an import has finished writing, `written_profiles` those
    of profiles: if no file has one of them any more, a person deleted it. `histories` are
    the digests of earlier texts that an interrupted import may have written. `unfinished` are the
    lines of its journal: what it wrote is known by them until an import comes to its end.
    """

    posts: Mapping[Key, PostLine] = {}
    threads: Mapping[Key, Parts] = {}
    profiles: Mapping[Key, ProfileLine] = {}
    accounts: Mapping[Key, AccountLine] = {}
    written: frozenset[Key] = frozenset()
    written_profiles: frozenset[Key] = frozenset()
    sources: Mapping[Key, SourceLine] = {}
    histories: Mapping[Key, tuple[str, ...]] = {}
    unfinished: tuple[JournalLine, ...] = ()


def load(folder: Path) -> ImportRecords:
    """Read the records of earlier imports. Raises ContentError."""
    at = folder / FOLDER
    record_files.check_format(folder)
    journal = [*read_lines(at / JOURNAL, JournalLine)]
    posts = merge_posts(
        line for path in record_files.post_files(at) for line in read_lines(path, PostLine)
    )
    threads = [*read_lines(at / record_files.THREADS, ThreadLine)]
    moved = {(line.network, line.id) for line in threads if not line.digests}  # in version 1
    threads = [line for line in threads if line.digests]
    posts |= {key: replace(posts.get(key, PostLine(*key)), moved=True) for key in moved}
    profiles = [*read_lines(at / record_files.PROFILES, ProfileLine)]
    gone = {line.gone for line in journal if line.gone}
    is_finished = not any(line.first for line in journal)
    tombstones = {(p.network, p.id) for line in journal if (p := line.post) and p.deleted}
    written = frozenset((posts.keys() - gone) | tombstones if is_finished else ())
    profile_keys = [(line.network, line.id) for line in profiles] if is_finished else []
    if journal:
        posts = merge_posts((*posts.values(), *_journal_posts(journal)))
        threads += [line.thread for line in journal if line.thread]
        profiles += [line.profile for line in journal if line.profile]
    return ImportRecords(
        posts,
        merge_threads(threads),
        merge_profiles(profiles),
        _accounts(at),
        written,
        frozenset(profile_keys),
        merge_sources(read_lines(at / record_files.SOURCES, SourceLine)),
        _histories(journal),
        tuple(journal),
    )


def accounts(folder: Path) -> dict[Key, AccountLine]:
    """Read the records about whole accounts. Raises ContentError."""
    record_files.check_format(folder)
    return _accounts(folder / FOLDER)


def _accounts(at: Path) -> dict[Key, AccountLine]:
    return merge_accounts(read_lines(at / record_files.ACCOUNTS, AccountLine))


def _journal_posts(journal: Iterable[JournalLine]) -> Iterator[PostLine]:
    """Yield the posts of a journal, without the earlier texts that their files may not have yet.

    With them it would look as if a person had deleted these from the files.
    """
    for post in (line.post for line in journal if line.post):
        yield replace(post, digests={k: v for k, v in post.digests.items() if k != HISTORY})


def _histories(journal: Iterable[JournalLine]) -> dict[Key, tuple[str, ...]]:
    """Return the digests of earlier texts in a journal, which a file may have or not."""
    found: dict[Key, tuple[str, ...]] = {}
    for post in (line.post for line in journal if line.post and HISTORY in line.post.digests):
        listed = tuple(map(str, post.digests[HISTORY]))
        key = post.network, post.id
        found[key] = tuple(dict.fromkeys((*found.get(key, ()), *listed)))
    return found


def version_1_networks(folder: Path) -> dict[str, Seen]:
    """Return by network the sources of posts without a line, as version 1 had them."""
    path = folder / FOLDER / record_files.VERSION_1_NETWORKS
    return {line.network: Seen(line.at) for line in read_lines(path, NetworkLine)}
