"""Watch files and folders, and return bursts of changed paths, however editors and git write.

Each root is watched twice: recursively, and, because a watch follows the folder and not its name,
through the nearest folder above it, which reports when the root is created, deleted or replaced.
Paths are compared with symbolic links resolved, as observers report them.
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

ErrorCallback = Callable[[OSError], None]
WatchTarget = tuple[str, bool]  # a folder, and whether it is watched recursively

POLL_SECONDS = 1.0

# Temporary files of editors, version control and file managers: vim's probe and swap files,
# backups, emacs's locks and autosaves, and the temporary names of atomic writers, including
# sitegen's own.
TEMPORARY_FILES = re.compile(
    r"""4913 | .*~ | .*\.sw[a-px] | \.\#.* | \#.*\# | .*\.tmp | .*\.part | .*\.crdownload
    | \.goutputstream-.* | .*___jb_(tmp|old)___ | .*\.kate-swp | \.DS_Store | \._.* | Thumbs\.db
    | .*\.sitegen-partial | \.git | \.hg | \.svn | \.jj | \.sitegen | __pycache__""",
    re.VERBOSE | re.DOTALL,
)


def native_observer(on_error: ErrorCallback) -> BaseObserver:
    """Return the native observer of the system. Raises OSError when a limit is reached."""
    # Watchdog logs a warning about a change while it stops, which does not matter.
    logging.getLogger("watchdog").addHandler(logging.NullHandler())
    if platform.system() == "Linux":
        from sitegen.preview.inotify import ReportingObserver

        return ReportingObserver(on_error)
    from watchdog.observers import Observer

    return Observer()


class Watcher:
    """Watches the paths of `watched`, except those in `ignored`.

    A context manager. `wait` returns the next burst; `refresh` updates the watches, and is to be
    called before the build that follows a burst. `observer` creates the observer; if it raises
    OSError or reports a limit, files are polled instead. `changes` collects the changes.
    """

    def __init__(
        self,
        watched: Callable[[], Sequence[Path]],
        ignored: Sequence[Path],
        *,
        say: Callable[[str], None],
        observer: Callable[[ErrorCallback], BaseObserver] = native_observer,
        changes: Changes | None = None,
    ) -> None:
        self._watched = watched
        self._ignored = frozenset(os.path.realpath(path) for path in ignored)
        self._say = say
        self._make_observer = observer
        self._observer: BaseObserver | None = None
        self._roots: tuple[str, ...] = ()
        self._watches: dict[WatchTarget, ObservedWatch] = {}
        self._limit: OSError | None = None
        self._is_polling = False
        self._lock = threading.Lock()
        self._replaced: set[str] = set()
        self.changes = changes or Changes()

    def __enter__(self) -> Watcher:
        """Start watching."""
        self.refresh()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop watching, and wake the waiting thread."""
        self.close()
        self._stop_observer()

    def wait(self) -> frozenset[str] | None:
        """Return the paths that changed when a burst ends; None when closed."""
        return self.changes.wait()

    def close(self) -> None:
        """Wake the waiting thread; safe to call from any thread."""
        self.changes.close()

    def refresh(self) -> None:
        """Update the watches; poll if the system cannot watch all folders."""
        self._roots = self._resolve_roots()
        try:
            self._start_watches()
        except OSError as error:
            self._limit = self._limit or error
        if self._limit and not self._is_polling:
            self._poll(self._limit)

    def _resolve_roots(self) -> tuple[str, ...]:
        try:
            return tuple(root for path in self._watched() for root in _real_paths(path))
        except Exception:
            # The configuration may be incomplete; the build reports its errors.
            return self._roots

    def _start_watches(self) -> None:
        if self._observer is None:
            self._observer = self._make_observer(self._on_error)
            self._observer.start()
        self._drop_replaced_watches()
        # Folders may be created meanwhile: repeat until there are no new ones.
        for _ in range(10):
            targets = frozenset(self._targets())
            if not self._update_watches(self._observer, targets):
                return

    def _targets(self) -> Iterator[WatchTarget]:
        for root in self._roots:
            yield _nearest_folder(os.path.dirname(root)), False
            if os.path.isdir(root) and not os.path.islink(root):
                yield root, True

    def _update_watches(self, observer: BaseObserver, targets: frozenset[WatchTarget]) -> bool:
        """Watch exactly these places; return whether anything changed."""
        stale, new = self._watches.keys() - targets, targets - self._watches.keys()
        for target in stale:
            observer.unschedule(self._watches.pop(target))
        for target in new:
            try:
                self._watches[target] = self._schedule(observer, target)
            except (FileNotFoundError, NotADirectoryError):
                continue
            except OSError:
                if not self._is_polling:
                    raise
        return bool(stale or new)

    def _schedule(self, observer: BaseObserver, target: WatchTarget) -> ObservedWatch:
        from watchdog import events

        path, recursive = target
        # Without events for opening, or closing after reading: the build itself reads files.
        event_types: list[type[events.FileSystemEvent]] = [
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
        return observer.schedule(handler, path, recursive=recursive, event_filter=event_types)

    def _drop_replaced_watches(self) -> None:
        """Drop the watches of folders that were replaced: they follow the old folder."""
        with self._lock:
            replaced, self._replaced = self._replaced, set()
        for target in [p for p in self._watches if any(_is_within(p[0], r) for r in replaced)]:
            watch = self._watches.pop(target)
            if self._observer:
                self._observer.unschedule(watch)

    def _on_error(self, error: OSError) -> None:
        if error.errno != errno.EOVERFLOW:
            self._limit = self._limit or error
        for root in self._roots[:1]:
            self.changes.add(root)

    def _poll(self, reason: OSError) -> None:
        from watchdog.observers.polling import PollingObserver

        self._say(
            f"the system cannot watch every folder ({reason.strerror or reason}): files are now "
            f"polled every {POLL_SECONDS:g} s. hint: raise fs.inotify.max_user_watches."
        )
        self._stop_observer()
        self._is_polling = True
        self._watches.clear()
        self._observer = PollingObserver(timeout=POLL_SECONDS)
        self._observer.start()
        self._start_watches()

    def _stop_observer(self) -> None:
        if self._observer is not None and self._observer.is_alive():
            self._observer.stop()
            self._observer.join()

    def _handle(self, event: FileSystemEvent) -> None:
        """Process an event; called in the observer's thread."""
        source, target = os.fsdecode(event.src_path), os.fsdecode(event.dest_path)
        is_open = self._is_open(event, source)
        for path in filter(None, (source, target)):
            if event.event_type in ("created", "deleted", "moved") and self._contains_root(path):
                self._add_replaced(path)
            elif not self._is_relevant(path):
                continue
            elif event.is_directory and event.event_type == "deleted":
                # It may have been moved away with its watches.
                self._add_replaced(*(root for root in self._roots if _is_within(path, root)))
            if is_open and path == (target or source):
                self.changes.add_open(path)
            else:
                self._add(event, path, is_target=path == target)

    def _add(self, event: FileSystemEvent, path: str, *, is_target: bool) -> None:
        if event.event_type == "closed" or is_target:
            self.changes.add_saved(path)
        elif event.event_type in ("deleted", "moved"):
            self.changes.add_deleted(path)
        elif event.event_type == "attrib":
            self.changes.add(path)
        else:  # created; or modified, on systems that do not report closing
            self.changes.add_unsettled(path)

    def _add_replaced(self, *paths: str) -> None:
        with self._lock:
            self._replaced.update(paths)

    def _is_open(self, event: FileSystemEvent, source: str) -> bool:
        """Return whether a file is still open for writing, on systems that report closing."""
        if event.is_directory or not getattr(self._observer, "reports_close", False):
            return False
        if event.event_type == "moved":
            return self.changes.forget_open(source)
        return event.event_type == "modified"

    def _contains_root(self, path: str) -> bool:
        return any(_is_within(root, path) for root in self._roots)

    def _is_relevant(self, path: str) -> bool:
        if any(_is_within(path, folder) for folder in self._ignored):
            return False
        return any(_is_within(path, root) and not _is_temporary(path, root) for root in self._roots)


class _Handler:
    """The event handler; not a subclass of watchdog's, so that it is imported only when needed."""

    def __init__(self, dispatch: Callable[[FileSystemEvent], None]) -> None:
        self.dispatch = dispatch


def _real_paths(path: Path) -> tuple[str, ...]:
    """Return the path's own name in its real folder, and its target if it is a link."""
    absolute = os.path.abspath(path)
    own = os.path.join(os.path.realpath(os.path.dirname(absolute)), os.path.basename(absolute))
    real = os.path.realpath(own)
    return (own,) if own == real else (own, real)


def _nearest_folder(path: str) -> str:
    while not os.path.isdir(path) and os.path.dirname(path) != path:
        path = os.path.dirname(path)
    return path


def _is_within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _is_temporary(path: str, root: str) -> bool:
    below = path[len(root) :].split(os.sep)
    return any(TEMPORARY_FILES.fullmatch(part) for part in below)
