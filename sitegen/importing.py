"""An import from sources to content/: find out what each is, read, account, merge, write."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct

from sitegen import files, importers, locks
from sitegen.content import store
from sitegen.errors import SeveralErrors, SitegenError, SourceError
from sitegen.importers import Imported, Options
from sitegen.model import Post, Profile, Thread

Progress = Callable[[int, int], None]


class Read(Struct, frozen=True):
    """One source and what it held."""

    path: Path
    imported: Imported


class Import(Struct, frozen=True):
    """What an import found, what it does to content/, and the media that came along."""

    sources: tuple[Read, ...]
    threads: tuple[Thread, ...]
    profiles: tuple[Profile, ...]
    changes: store.Changes
    media: tuple[tuple[Path, Path], ...]

    @property
    def posts(self) -> tuple[Post, ...]:
        """Every post of the import once, though several sources may have it."""
        found = {(p.network, p.id): p for thread in self.threads for p in thread.posts}
        return tuple(found.values())


def planned(
    folder: Path,
    sources: Sequence[Path],
    options: Options,
    progress: Progress = lambda done, total: None,
) -> Import:
    """Read all sources and merge them with content/; nothing is written.

    Raises SourceError for what cannot be read, ContentError for a broken content file.
    """
    return merged(folder, read(sources, options, progress))


def merged(folder: Path, found: tuple[Read, ...]) -> Import:
    """Merge what was read with content/; nothing is written yet. Raises ContentError."""
    threads = tuple(t for r in found for t in r.imported.threads)
    profiles = tuple(_profiles(found).values())
    changes = store.merged(folder, threads, profiles)
    return Import(found, threads, profiles, changes, tuple(_media(folder, found)))


def brought_in(folder: Path, cache: Path, found: tuple[Read, ...]) -> Import:
    """Merge what was read with content/ and write it, with other imports kept away.

    Raises ContentError, BusyError, OSError.
    """
    with locks.held(cache / "import-lock", "another import"):
        plan = merged(folder, found)
        carry_out(plan)
    return plan


def carry_out(plan: Import) -> None:
    """Write what was planned. Raises OSError; every file is then the old or the new one.

    Stopped anywhere, it has lost nothing, and the next import does what is left of it.
    """
    for source, target in plan.media:
        files.copy(source, target)
    store.write(plan.changes)


def read(sources: Sequence[Path], options: Options, progress: Progress) -> tuple[Read, ...]:
    """Read every source, so that a person hears of all that cannot be read at once."""
    found: list[Read] = []
    problems: list[SitegenError] = []
    sizes = [_size(path) for path in sources]
    for number, path in enumerate(sources):
        progress(sum(sizes[:number]), sum(sizes))
        try:
            found.append(_one(path, options))
        except SourceError as error:
            problems.append(error)
    if problems:
        raise SeveralErrors.of(problems)
    return tuple(found)


def _one(path: Path, options: Options) -> Read:
    if _is_empty(path):
        raise SourceError("is empty", path=path, hint="save or export it again.")
    importer, source = importers.detect(path)
    return Read(path, _accounted(importer.read(source, options), path))


def _is_empty(path: Path) -> bool:
    try:
        return path.is_file() and not path.stat().st_size
    except OSError:
        return False  # reading it will tell


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0  # reading it will tell


def _accounted(imported: Imported, path: Path) -> Imported:
    """Make sure that every record became a post or was named with a reason."""
    posts = sum(len(thread.posts) for thread in imported.threads)
    if imported.records != posts + len(imported.exclusions):
        raise SitegenError(
            f"{imported.records} records became {posts} posts and "
            f"{len(imported.exclusions)} exclusions: some were lost",
            path=path,
            hint="this is a mistake in sitegen; nothing was written. Please report it.",
        )
    return imported


def _profiles(read: Sequence[Read]) -> dict[tuple[str, str], Profile]:
    """Return each account once; the source that knows its name counts."""
    found: dict[tuple[str, str], Profile] = {}
    for source in read:
        for profile in source.imported.profiles:
            key = (profile.network, profile.id)
            if key not in found or (profile.name and not found[key].name):
                found[key] = profile
    return found


def _media(folder: Path, read: Sequence[Read]) -> list[tuple[Path, Path]]:
    """Find the media files that lie beside a source and are not in content/ yet."""
    wanted: dict[Path, Path] = {}
    for source in read:
        for name in _media_names(source.imported.threads):
            here, there = files.inside(source.path.parent, name), files.inside(folder, name)
            if here and there and here.is_file() and not there.exists():
                wanted[there] = here
    return [(here, there) for there, here in wanted.items()]


def _media_names(threads: Sequence[Thread]) -> dict[str, None]:
    """Return the paths within media/ that posts name, each once."""
    posts = (post for thread in threads for post in thread.posts if post.media)
    paths = (media.path or "" for post in posts for media in post.media)
    return dict.fromkeys(path for path in paths if path.startswith("media/"))
