"""The steps of an import: read sources, store media, dedupe, merge with content/, write."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from sitegen import files, folders, locks, timestamps
from sitegen.config import git_attributes
from sitegen.content import content_folder, store, version_1
from sitegen.content.changeset.changeset import Progress
from sitegen.content.changeset.provenance import Deletions
from sitegen.content.changeset.vanished import VanishedOptions
from sitegen.content.identity.authors_by_handle import HandleOwners
from sitegen.content.imported import post_count
from sitegen.content.imported.post_count import Count
from sitegen.content.imported.record_lines import AccountLine
from sitegen.errors import OldFormatError
from sitegen.ingest import account_merge, crossposts, dedupe, id_collisions, ledger, source_states
from sitegen.ingest.source_reader import Read, read
from sitegen.media.attach import AttachedImport, attach
from sitegen.media.store import FOLDER, RejectedFile, Store, StoredFile
from sitegen.model import Post, Profile, Thread
from sitegen.sources import Attachment, Imported, Options, Reason

__all__ = ["Import", "Read", "Rules", "carry_out", "dry_run", "import_into", "plan_import", "read"]


def _no_progress(what: str, done: int, total: int) -> None:
    """Ignore progress."""


class Rules(Struct, frozen=True):
    """The import rules of sitegen.toml, and what to do with posts that a person deleted."""

    vanished: Literal["keep", "mark", "purge"] = "keep"
    crossposts: Literal["keep", "merge"] = "keep"
    deletions: Deletions = "ask"


DEFAULT = Rules()
AttachMedia = Callable[[Sequence[Read]], list[AttachedImport]]
STORING_MEDIA, MERGING = "storing media", "merging with content/"


class Import(Struct, frozen=True):
    """What an import found, its changes to content/, and its media.

    `taken` are the files that the sources had for their posts, `missing` those that cannot be
    shown; `copied` are media of an export, which already have their names, as (source, target).
    """

    folder: Path
    sources: tuple[Read, ...]
    threads: tuple[Thread, ...]
    profiles: tuple[Profile, ...]
    changes: store.Changes
    copied: tuple[tuple[Path, Path], ...] = ()
    taken: tuple[StoredFile, ...] = ()
    missing: tuple[RejectedFile, ...] = ()

    @property
    def posts(self) -> tuple[Post, ...]:
        """Every post of the import once, even if several sources have it."""
        found = {(p.network, p.id): p for thread in self.threads for p in thread.posts}
        return tuple(found.values())


def plan_import(
    folder: Path, sources: Sequence[str | Path], options: Options, rules: Rules = DEFAULT
) -> Import:
    """Read all sources and merge them with content/; nothing is written.

    Raises SourceError for what cannot be read, ContentError for a broken content file.
    """
    return dry_run(folder, read(sources, options), rules)


def dry_run(
    folder: Path, reads: tuple[Read, ...], rules: Rules = DEFAULT, progress: Progress = _no_progress
) -> Import:
    """Merge sources with content/ without writing anything. Raises ContentError."""
    return _merge(folder, reads, rules, partial(_measure_media, Store(folder)), progress)


def _merge(
    folder: Path,
    reads: tuple[Read, ...],
    rules: Rules,
    attach_media: AttachMedia,
    progress: Progress,
) -> Import:
    """Merge sources with content/; only `attach_media` may write. Raises ContentError."""
    folders.require_folder(folder / FOLDER)
    if version_1.is_version_1(folder):
        what = "content/ is in version 1 of its format"
        raise OldFormatError(what, path=folder, hint="convert it with `sitegen convert`.")
    progress(STORING_MEDIA, 0, 0)
    with_media = attach_media(reads)
    reads = tuple([replace(r, imported=p.imported) for r, p in zip(reads, with_media, strict=True)])
    progress(MERGING, 0, 0)
    reads = id_collisions.separate(reads, folder)
    plan = _with_accounts(folder, reads, rules, ())
    if plan.changes.new_handles:
        plan = _with_accounts(folder, reads, rules, plan.changes.new_handles)
    return replace(
        plan,
        copied=tuple(_find_copies(folder, plan.sources)),
        taken=tuple([file for p in with_media for file in p.taken]),
        missing=tuple([file for p in with_media for file in p.missing]),
    )


def _measure_media(store: Store, reads: Sequence[Read]) -> list[AttachedImport]:
    return [attach(read.imported, store.measure) for read in reads]


def _store_media(store: Store, reads: Sequence[Read]) -> list[AttachedImport]:
    with store.batch():
        return [attach(read.imported, store.take) for read in reads]


def _with_accounts(
    folder: Path, reads: tuple[Read, ...], rules: Rules, new_handles: Sequence[AccountLine]
) -> Import:
    """Merge sources with content/, given newly discovered handles of accounts."""
    stamps = [source_states.stamp(read.imported) for read in reads]  # before anything is dropped
    lines = [ledger.source_line(read, stamp) for read, stamp in zip(reads, stamps, strict=True)]
    known = account_merge.handle_owners(
        folder, reads, stamps, tuple(_profiles(folder)), new_handles
    )
    reads, renaming = dedupe.dedupe(reads, stamps, folder, known)
    links: crossposts.Links = {}
    if rules.crossposts == "merge":
        reads, links = crossposts.merge_crossposts(reads, folder)
    threads, excerpts = account_merge.resolve_authors(reads, known.known)
    profiles = tuple(account_merge.profiles(p for r in reads for p in r.imported.profiles).values())
    stamped = source_states.pair_with_stamps(reads, stamps)
    stated = source_states.profiles(stamped, known.known)
    vanished = _vanished_options(reads, rules)
    changes = store.merge(
        folder,
        threads,
        [profile for profile, _ in stated],
        vanished,
        links,
        excerpts,
        source_states.thread_stamps(stamped),
        [stamp for _, stamp in stated],
        [*source_states.accounts_of(stamped, _held_back(reads)), *known.lines],
        renaming,
        HandleOwners(known.known, account_merge.by_handle(reads, stamps)),
        rules.deletions,
        lines,
    )
    return Import(folder, reads, threads + excerpts, profiles, changes)


def _profiles(folder: Path) -> Iterator[Profile]:
    for _, stored in content_folder.read_profiles(folder):
        yield stored.profile


def _held_back(reads: Sequence[Read]) -> set[tuple[str, str]]:
    """Return the names of posts that complete sources have but withhold."""
    return _excluded_names(reads, ("deleted by its author", "not a post", "private message"))


def _excluded_names(reads: Sequence[Read], but: Container[Reason]) -> set[tuple[str, str]]:
    """Return the names of records that complete sources exclude, except for some reasons."""
    return {
        (network, name)
        for read in reads
        for network, account in read.imported.complete
        for exclusion in read.imported.exclusions
        if exclusion.reason not in but
        for name in _names(exclusion.record, account)
    }


def _vanished_options(reads: Sequence[Read], rules: Rules) -> VanishedOptions:
    """Return the options for vanished posts; excluded posts still exist in their source."""
    whole = [read.imported for read in reads if read.imported.complete]
    seen = frozenset(_excluded_names(reads, ("deleted by its author",)))
    complete = tuple([account for imported in whole for account in imported.complete])
    return VanishedOptions(rules.vanished, complete, seen, _until(whole))


def _until(whole: Sequence[Imported]) -> dict[tuple[str, str], float]:
    """Return the time up to which complete sources know their accounts."""
    known: dict[tuple[str, str], list[str | None]] = {}
    for imported in whole:
        for account in imported.complete:
            known.setdefault(account, []).append(imported.until)
        for post in (post for thread in imported.threads for post in thread.posts):
            account = post.network, post.author.id or ""
            if account in imported.complete:
                known[account].append(post.created_at)
    found = {account: [*filter(None, map(timestamps.instant, t))] for account, t in known.items()}
    return {account: max(times) for account, times in found.items() if times}


def _names(record: str, account: str) -> Iterator[str]:
    """Yield the ids that a record's post may have, given its id or URL."""
    key = record.rpartition("/")[2]
    yield from (record, key, f"{key}@{account}")
    if record.startswith("https://"):
        yield f"{key}@{record.split('/')[2]}"


def convert(folder: Path, cache: Path, progress: Progress = _no_progress) -> int:
    """Convert content/ from version 1 of its format; return the number of converted files.

    Raises ContentError, BusyError, OSError. It may be stopped anywhere, and is then continued.
    """
    with locks.hold(cache / "import-lock", "another import"):
        if not version_1.has_files(folder):
            return 0
        changes = version_1.convert(folder)
        store.write(changes, progress)
        return len(changes.updated)


def import_into(
    folder: Path,
    cache: Path,
    reads: tuple[Read, ...],
    rules: Rules = DEFAULT,
    progress: Progress = _no_progress,
) -> Import:
    """Merge sources with content/ and write the result, under the import lock.

    `progress` is called with the steps and the number of files written.

    Raises ContentError, BusyError, OSError.
    """
    with locks.hold(cache / "import-lock", "another import"):
        plan = _merge(folder, reads, rules, partial(_store_media, Store(folder)), progress)
        unfit = carry_out(plan, progress)
        ledger.write(cache, plan.sources)
    return replace(plan, missing=plan.missing + unfit)


def carry_out(plan: Import, progress: Progress = _no_progress) -> tuple[RejectedFile, ...]:
    """Write a planned import; return the media that cannot be shown. Raises OSError.

    Every file is replaced atomically. If it is interrupted, nothing is lost and the next import
    does the rest.
    """
    media = Store(plan.folder)
    with media.batch():
        kept = [media.keep(_file(source), target) for source, target in plan.copied]
    counted, is_purge = _new_count(plan)
    if counted and is_purge:  # a build must not miss posts before it can know why
        post_count.write(plan.folder, counted)
    store.write(plan.changes, progress)
    if counted:
        post_count.write(plan.folder, counted)
    git_attributes.add_missing(plan.folder)
    return tuple([file for file in kept if file])


def _new_count(plan: Import) -> tuple[Count | None, bool]:
    """Return the new post count, if there is one, and whether the import purges posts."""
    before, posts = post_count.read(plan.folder), plan.changes.posts
    if any(gone.fate == "purged" for gone in plan.changes.vanished):
        return Count(posts, posts), True
    if before is None and not posts:
        return None, False
    return Count(posts, before.after_purge if before else None), False


def _file(path: Path) -> Attachment:
    return Attachment(path.name, lambda: path.open("rb"))


def _find_copies(folder: Path, read: Sequence[Read]) -> list[tuple[Path, Path]]:
    """Return the media files beside a source that are not in content/ yet, and their targets."""
    wanted: dict[Path, Path] = {}
    for beside, threads in [(r.path.parent, r.imported.threads) for r in read if r.path]:
        for name in _media_names(threads):
            here, there = files.inside(beside, name), files.inside(folder, name)
            if here and there and here.is_file() and not there.exists():
                wanted[there] = here
    return [(here, there) for there, here in wanted.items()]


def _media_names(threads: Sequence[Thread]) -> dict[str, None]:
    """Return the paths in media/ that posts refer to, each once."""
    posts = (post for thread in threads for post in thread.posts if post.media)
    paths = (media.path or "" for post in posts for media in post.media)
    return dict.fromkeys(path for path in paths if path.startswith("media/"))
