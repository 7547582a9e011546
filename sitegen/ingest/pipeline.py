"""The steps of an import: read sources, store media, dedupe, merge with content/, write."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from sitegen import files, folders, locks
from sitegen.config import git_attributes
from sitegen.content import content_folder, store, version_1
from sitegen.content.archive_index import ArchiveIndex
from sitegen.content.changeset.changeset import Progress
from sitegen.content.changeset.provenance import Deletions
from sitegen.content.identity.authors_by_handle import HandleOwners
from sitegen.content.identity.authors_by_id import Accounts
from sitegen.content.imported import post_count, record_files
from sitegen.content.imported.post_count import Count
from sitegen.content.imported.record_lines import AccountLine
from sitegen.content.merge_options import MergeOptions, SourceStatements
from sitegen.content.post_media.post_files import files_of
from sitegen.errors import OldFormatError
from sitegen.ingest import account_merge, id_collisions, ledger, source_states, withheld
from sitegen.ingest.copies import crossposts, dedupe
from sitegen.ingest.copies.deleted import (
    NO_COPIES,
    DeletedPosts,
    PerhapsDeleted,
    find_doubtful_cross_posts,
    find_page_copies,
)
from sitegen.ingest.source_reader import ReadSource, read
from sitegen.media.attach import AttachedImport, attach
from sitegen.media.store import FOLDER, RejectedFile, Store, StoredFile
from sitegen.model import Post, Profile, Thread
from sitegen.sources import Attachment, Options

__all__ = [
    "Import", "ReadSource", "Rules", "dry_run", "has_new_posts", "import_into", "plan_import",
    "read", "write_plan",
]  # fmt: skip


def _no_progress(what: str, done: int, total: int) -> None:
    """Ignore progress."""


class Rules(Struct, frozen=True):
    """The import rules of sitegen.toml, and what to do with posts that a person deleted."""

    vanished: Literal["keep", "mark", "purge"] = "keep"
    crossposts: Literal["keep", "merge"] = "keep"
    deletions: Deletions = "ask"


DEFAULT_RULES = Rules()
AttachMedia = Callable[[Sequence[ReadSource]], list[AttachedImport]]
STORING_MEDIA, MERGING = "storing media", "merging with content/"
FINDING_TOPICS = "finding topics"


class Import(Struct, frozen=True):
    """The posts and profiles of an import, its changes to content/, and its media.

    `stored` are the media files of the sources, `missing` those that cannot be shown; `copied`
    are media of an export, which already have their names, as (source, target).
    `perhaps_deleted` are posts that may be copies of posts that a person deleted.
    """

    folder: Path
    sources: tuple[ReadSource, ...]
    threads: tuple[Thread, ...]
    profiles: tuple[Profile, ...]
    changes: store.Changes
    copied: tuple[tuple[Path, Path], ...] = ()
    stored: tuple[StoredFile, ...] = ()
    missing: tuple[RejectedFile, ...] = ()
    perhaps_deleted: tuple[PerhapsDeleted, ...] = ()

    @property
    def posts(self) -> tuple[Post, ...]:
        """Every post of the import once, even if several sources have it."""
        unique = {(p.network, p.id): p for thread in self.threads for p in thread.posts}
        return tuple(unique.values())


def plan_import(
    folder: Path, sources: Sequence[str | Path], options: Options, rules: Rules = DEFAULT_RULES
) -> Import:
    """Read all sources and merge them with content/; nothing is written.

    Raises SourceError for what cannot be read, ContentError for a broken content file.
    """
    return dry_run(folder, read(sources, options), rules)


def dry_run(
    folder: Path,
    sources: tuple[ReadSource, ...],
    rules: Rules = DEFAULT_RULES,
    progress: Progress = _no_progress,
) -> Import:
    """Merge sources with content/ without writing anything. Raises ContentError."""
    return _merge(folder, sources, rules, partial(_preview_media, Store(folder)), progress)


def _merge(
    folder: Path,
    sources: tuple[ReadSource, ...],
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
    attached = attach_media(sources)
    pairs = zip(sources, attached, strict=True)
    sources = tuple([replace(source, imported=result.imported) for source, result in pairs])
    progress(MERGING, 0, 0)
    index = ArchiveIndex(folder)
    sources = id_collisions.resolve_collisions(sources, index)
    plan = _merge_content(index, sources, rules, ())
    if plan.changes.new_handles:
        plan = _merge_content(index, sources, rules, plan.changes.new_handles)
    return replace(
        plan,
        copied=tuple(_find_copies(folder, plan.sources)),
        stored=tuple([file for result in attached for file in result.stored]),
        missing=tuple([file for result in attached for file in result.missing]),
    )


def _preview_media(store: Store, sources: Sequence[ReadSource]) -> list[AttachedImport]:
    return [attach(source.imported, store.preview_add) for source in sources]


def _store_media(store: Store, sources: Sequence[ReadSource]) -> list[AttachedImport]:
    with store.batch():
        return [attach(source.imported, store.add) for source in sources]


def _merge_content(
    index: ArchiveIndex,
    sources: tuple[ReadSource, ...],
    rules: Rules,
    new_handles: Sequence[AccountLine],
) -> Import:
    """Merge sources with content/, with newly discovered handles of accounts."""
    # Stamp the sources before any post is dropped.
    stamps = [source_states.stamp(source.imported) for source in sources]
    lines = [ledger.source_line(s, stamp) for s, stamp in zip(sources, stamps, strict=True)]
    owners = account_merge.find_owners(index, sources, stamps, new_handles)
    sources, renaming = dedupe.dedupe(sources, stamps, index, owners)
    deleted = None if rules.deletions == "restore" else DeletedPosts(index)
    copies, doubtful = find_page_copies(sources, deleted) if deleted else NO_COPIES
    merged = crossposts.Merged(sources, {})
    if rules.crossposts == "merge":
        merged = crossposts.merge_crossposts(sources, index, deleted)
        sources, copies = merged.sources, copies | merged.deleted_copies
        doubtful += find_doubtful_cross_posts(sources, deleted, copies) if deleted else ()
    threads, excerpts = account_merge.resolve_authors(sources, owners)
    profiles = account_merge.merge_profiles(p for s in sources for p in s.imported.profiles)
    stamped = source_states.pair_with_stamps(sources, stamps)
    profile_stamps = source_states.stamped_profiles(stamped, owners.known)
    stated = SourceStatements(
        threads=source_states.thread_stamps(stamped),
        profiles=[stamp for _, stamp in profile_stamps],
        accounts=[*source_states.account_lines(stamped), *owners.lines],
        lines=lines,
    )
    by_handle = account_merge.posts_by_handle(sources, stamps)
    stated_threads = [(source.threads, stamp) for source, stamp in stamped]
    options = MergeOptions(
        vanished=withheld.vanished_options(sources, rules.vanished),
        deletions=rules.deletions,
        renaming=renaming,
        handle_owners=HandleOwners(owners.known, by_handle),
        accounts=Accounts(owners.by_id, stated_threads),
        also=merged.links,
        copies=copies,
    )
    own_profiles = [profile for profile, _ in profile_stamps]
    changes = store.merge(index, threads, own_profiles, excerpts, stated, options)
    return Import(
        index.folder,
        sources,
        threads + excerpts,
        tuple(profiles.values()),
        changes,
        perhaps_deleted=doubtful,
    )


def convert(folder: Path, cache: Path, progress: Progress = _no_progress) -> int:
    """Convert content/ from version 1 of its format; return the number of converted files.

    Raises ContentError, BusyError, OSError. It may be stopped anywhere, and is then continued.
    """
    with locks.hold(cache / "import-lock", "another import"):
        record_files.check_format(folder)
        if not version_1.has_files(folder):
            return 0
        changes = version_1.convert(folder)
        store.write(changes, progress)
        git_attributes.add_missing(folder)
        return len(changes.updated)


def import_into(
    folder: Path,
    cache: Path,
    sources: tuple[ReadSource, ...],
    rules: Rules = DEFAULT_RULES,
    progress: Progress = _no_progress,
) -> Import:
    """Merge sources with content/ and write the result, under the import lock.

    `progress` is called with the steps and the number of files written.

    Raises ContentError, BusyError, OSError.
    """
    with locks.hold(cache / "import-lock", "another import"):
        plan = _merge(folder, sources, rules, partial(_store_media, Store(folder)), progress)
        rejected = write_plan(plan, progress)
        ledger.write(cache, plan.sources)
    return replace(plan, missing=plan.missing + rejected)


def write_plan(plan: Import, progress: Progress = _no_progress) -> tuple[RejectedFile, ...]:
    """Write a planned import; return the media that cannot be shown. Raises OSError.

    Every file is replaced atomically: after an interruption nothing is lost, and the next import
    does the rest.
    """
    media = Store(plan.folder)
    with media.batch():
        results = [media.add_as(_open_later(source), target) for source, target in plan.copied]
    count, is_purge = _new_count(plan)
    if count and is_purge:  # before the posts go: a build must know why they are missing
        post_count.write(plan.folder, count)
    store.write(plan.changes, progress)
    if count:
        post_count.write(plan.folder, count)
    git_attributes.add_missing(plan.folder)
    return tuple([file for file in results if file])


def _new_count(plan: Import) -> tuple[Count | None, bool]:
    """Return the post count to write, if any, and whether the import purges posts."""
    previous, posts = post_count.read(plan.folder), plan.changes.posts
    if any(post.fate == "purged" for post in plan.changes.vanished):
        return Count(posts, posts), True
    if previous is None and not posts:
        return None, False
    return Count(posts, previous.after_purge if previous else None), False


def _open_later(path: Path) -> Attachment:
    return Attachment(path.name, lambda: path.open("rb"))


def has_new_posts(result: Import) -> bool:
    """Tell whether an import changed any thread, and not only the counts of likes."""
    changes = result.changes
    folder = result.folder / content_folder.THREADS
    return any(
        Path(path).is_relative_to(folder)
        for path in (*changes.created, *changes.updated, *changes.removed)
    )


def _find_copies(folder: Path, sources: Sequence[ReadSource]) -> list[tuple[Path, Path]]:
    """Return the media files beside a source that are not in content/ yet, and their targets."""
    originals: dict[Path, Path] = {}
    for path, threads in [(s.path, s.imported.threads) for s in sources if s.path]:
        for name in _media_names(threads):
            original = files.safe_join(path.parent, name)
            target = files.safe_join(folder, name)
            if original and target and original.is_file() and not target.exists():
                originals[target] = original
    return [(original, target) for target, original in originals.items()]


def _media_names(threads: Sequence[Thread]) -> dict[str, None]:
    """Return the paths in media/ that posts refer to, each once."""
    posts = (post for thread in threads for post in thread.posts)
    paths = (path for post in posts for path in files_of(post))
    return dict.fromkeys(path for path in paths if path.startswith("media/"))
