"""Files and folders -> bursts of changed paths, whatever an editor or git does to them.

Each watched thing is watched twice: a folder with all that is in it, and, because a watch follows
the folder and not its name, the nearest folder above it, which tells when it comes, goes or is
replaced. Paths are compared with symbolic links resolved, as observers report them.
"""

from __future__ import annotations

import errno
import logging
import os
import platform
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sitegen.preview.bursts import Changes

if TYPE_CHECKING:
    from watchdog.events import FileSystemEvent
    from watchdog.observers.api import BaseObserver, ObservedWatch

Trouble = Callable[[OSError], None]
Place = tuple[str, bool]  # a folder, and whether all that is in it is watched

POLL_SECONDS = 1.0

# What editors, version control and file managers leave beside the files that matter: vim's probe
# and swap files, backups, emacs's locks and autosaves, and the temporary names of atomic writers,
# sitegen's own among them.
TEMPORARY_FILES = re.compile(
    r"""4913 | .*~ | .*\.sw[a-px] | \.\#.* | \#.*\# | .*\.tmp | .*\.part | .*\.crdownload
    | \.goutputstream-.* | .*___jb_(tmp|old)___ | .*\.kate-swp | \.DS_Store | \._.* | Thumbs\.db
    | .*\.sitegen-partial | \.git | \.hg | \.svn | \.jj | \.sitegen | __pycache__""",
    re.VERBOSE | re.DOTALL,
)


def native_observer(trouble: Trouble) -> BaseObserver:
    """Return the system's own observer. Raises OSError when a limit is reached."""
    # Watchdog logs a warning when a change comes while it stops, which is no news to anybody.
    logging.getLogger("watchdog").addHandler(logging.NullHandler())
    if platform.system() == "Linux":
        from sitegen.preview.inotify import ReportingObserver

        return ReportingObserver(trouble)
    from watchdog.observers import Observer

    return Observer()


class Watcher:
    """Watches what `watched` names, but never what is in `ignored`.

    A context manager. `wait` gives the next burst; `refresh` follows what changed in `watched`
    and in the folders themselves, and is due before the build that answers a burst. `observer`
    makes the observer; when it raises OSError, or tells of a limit, files are polled instead.
    `changes` gathers what is seen.
    """

    def __init__(
        self,
        watched: Callable[[], Sequence[Path]],
        ignored: Sequence[Path],
        *,
        say: Callable[[str], None],
        observer: Callable[[Trouble], BaseObserver] = native_observer,
        changes: Changes | None = None,
    ) -> None:
        self._watched = watched
        self._ignored = frozenset(os.path.realpath(path) for path in ignored)
        self._say = say
        self._make_observer = observer
        self._observer: BaseObserver | None = None
        self._roots: tuple[str, ...] = ()
        self._watches: dict[Place, ObservedWatch] = {}
        self._limit: OSError | None = None
        self._polls = False
        self._lock = threading.Lock()
        self._replaced: set[str] = set()
        self.changes = changes or Changes()

    def __enter__(self) -> Watcher:
        """Start to watch."""
        self.refresh()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop to watch, and let the one who waits go."""
        self.close()
        self._stop_observer()

    def wait(self) -> frozenset[str] | None:
        """Return the paths that changed, once a burst is over; None when closed."""
        return self.changes.wait()

    def close(self) -> None:
        """Let the one who waits go; safe from any thread."""
        self.changes.close()

    def refresh(self) -> None:
        """Watch what is to be watched now."""
        self._roots = self._named_roots()
        try:
            self._observe()
        except OSError as error:
            self._limit = self._limit or error
        if self._limit and not self._polls:
            self._poll(self._limit)

    def _named_roots(self) -> tuple[str, ...]:
        try:
            return tuple(root for path in self._watched() for root in _names(path))
        except Exception:
            # The configuration may be half written; the build tells what is wrong with it.
            return self._roots

    def _observe(self) -> None:
        if self._observer is None:
            self._observer = self._make_observer(self._on_trouble)
            self._observer.start()
        self._drop_replaced()
        # Folders may appear while others are being watched: until there is nothing new.
        for _ in range(10):
            places = frozenset(self._places())
            if not self._follow(self._observer, places):
                return

    def _places(self) -> Iterator[Place]:
        for root in self._roots:
            yield _nearest_folder(os.path.dirname(root)), False
            if os.path.isdir(root) and not os.path.islink(root):
                yield root, True

    def _follow(self, observer: BaseObserver, places: frozenset[Place]) -> bool:
        """Watch these places and no others; tell whether anything was to do."""
        stale, new = self._watches.keys() - places, places - self._watches.keys()
        for place in stale:
            observer.unschedule(self._watches.pop(place))
        for place in new:
            try:
                self._watches[place] = self._schedule(observer, place)
            except (FileNotFoundError, NotADirectoryError):
                continue
            except OSError:
                if not self._polls:
                    raise
        return bool(stale or new)

    def _schedule(self, observer: BaseObserver, place: Place) -> ObservedWatch:
        from watchdog import events

        path, recursive = place
        # Not the opened, the read and the closed: a build's own reading is no change.
        kinds: list[type[events.FileSystemEvent]] = [
            events.FileCreatedEvent,
            events.FileModifiedEvent,
            events.FileAttribEvent,
            events.FileClosedEvent,
            events.FileMovedEvent,
            events.FileDeletedEvent,
            events.DirCreatedEvent,
            events.DirMovedEvent,
            events.DirDeletedEvent,
        ]
        handler: Any = _Handler(self._handle)
        return observer.schedule(handler, path, recursive=recursive, event_filter=kinds)

    def _drop_replaced(self) -> None:
        """Forget the watches of folders that went: they follow the old folder, not the name."""
        with self._lock:
            replaced, self._replaced = self._replaced, set()
        for place in [p for p in self._watches if any(_within(p[0], r) for r in replaced)]:
            watch = self._watches.pop(place)
            if self._observer:
                self._observer.unschedule(watch)

    def _on_trouble(self, error: OSError) -> None:
        if error.errno != errno.EOVERFLOW:
            self._limit = self._limit or error
        for root in self._roots[:1]:
            self.changes.add(root)

    def _poll(self, reason: OSError) -> None:
        from watchdog.observers.polling import PollingObserver

        self._say(
            f"the system cannot watch every folder ({reason.strerror or reason}): files are now "
            f"looked at every {POLL_SECONDS:g} s. hint: raise fs.inotify.max_user_watches."
        )
        self._stop_observer()
        self._polls = True
        self._watches.clear()
        self._observer = PollingObserver(timeout=POLL_SECONDS)
        self._observer.start()
        self._observe()

    def _stop_observer(self) -> None:
        if self._observer is not None and self._observer.is_alive():
            self._observer.stop()
            self._observer.join()

    def _handle(self, event: FileSystemEvent) -> None:
        """Sort one event; called in the observer's thread."""
        source, target = os.fsdecode(event.src_path), os.fsdecode(event.dest_path)
        unfinished = self._is_unfinished(event, source)
        for path in filter(None, (source, target)):
            if event.event_type in ("created", "deleted", "moved") and self._holds_root(path):
                self._add_replaced(path)
            elif not self._matters(path):
                continue
            elif event.is_directory and event.event_type == "deleted":
                # It may have been moved out, and its watches with it.
                self._add_replaced(*(root for root in self._roots if _within(path, root)))
            if unfinished and path == (target or source):
                self.changes.add_unfinished(path)
            else:
                self._add(event, path, is_target=path == target)

    def _add(self, event: FileSystemEvent, path: str, *, is_target: bool) -> None:
        if event.event_type == "closed" or is_target:
            self.changes.add_saved(path)
        elif event.event_type in ("deleted", "moved"):
            self.changes.add_gone(path)
        elif event.event_type == "attrib":
            self.changes.add(path)
        else:  # created; or modified, where the system does not tell of the closing
            self.changes.add_unsure(path)

    def _add_replaced(self, *paths: str) -> None:
        with self._lock:
            self._replaced.update(paths)

    def _is_unfinished(self, event: FileSystemEvent, source: str) -> bool:
        """Return whether a writer still holds the file: only some systems tell of the closing."""
        if event.is_directory or not getattr(self._observer, "reports_closings", False):
            return False
        if event.event_type == "moved":
            return self.changes.forget_unfinished(source)
        return event.event_type == "modified"

    def _holds_root(self, path: str) -> bool:
        return any(_within(root, path) for root in self._roots)

    def _matters(self, path: str) -> bool:
        if any(_within(path, folder) for folder in self._ignored):
            return False
        return any(_within(path, root) and not _is_temporary(path, root) for root in self._roots)


class _Handler:
    """What watchdog calls; an own class, so that starting up does not import watchdog."""

    def __init__(self, see: Callable[[FileSystemEvent], None]) -> None:
        self.dispatch = see


def _names(path: Path) -> tuple[str, ...]:
    """Return the path's own name in its real folder, and what it leads to when it is a link."""
    absolute = os.path.abspath(path)
    own = os.path.join(os.path.realpath(os.path.dirname(absolute)), os.path.basename(absolute))
    real = os.path.realpath(own)
    return (own,) if own == real else (own, real)


def _nearest_folder(path: str) -> str:
    while not os.path.isdir(path) and os.path.dirname(path) != path:
        path = os.path.dirname(path)
    return path


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _is_temporary(path: str, root: str) -> bool:
    below = path[len(root) :].split(os.sep)
    return any(TEMPORARY_FILES.fullmatch(part) for part in below)
