"""Linux's inotify, with two errors reported that watchdog ignores.

Watchdog raises an error if the first folder of a tree cannot be watched, but not for folders in
it, and only logs that the kernel dropped events (inotify(7), ENOSPC and IN_Q_OVERFLOW).
"""

from __future__ import annotations

import errno
import warnings
from collections.abc import Callable

from watchdog.observers.api import BaseObserver
from watchdog.observers.inotify import InotifyEmitter
from watchdog.observers.inotify_c import (
    CallbackId,
    InotifyEvent,
    InotifyFD,
    Mask,
    WatchCallback,
    WatchDescriptor,
)
from watchdog.observers.inotify_move_event_grouper import InotifyMoveEventGrouper

LIMIT_ERRORS = frozenset({errno.ENOSPC, errno.EMFILE, errno.ENFILE, errno.ENOMEM})
MOVE_DELAY_SECONDS = 0.01


class ReportingInotify(InotifyFD):
    """An inotify instance that reports missed folders and events."""

    def __init__(self, on_error: Callable[[OSError], None]) -> None:
        super().__init__()
        self._on_error = on_error

    def add_callback(
        self, path: bytes, mask: Mask, callback: WatchCallback, id_: CallbackId
    ) -> WatchDescriptor:
        """Watch a folder; report an error if a limit of the system is reached.

        A new folder that has another in it may be added twice; the warning is suppressed.
        """
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", RuntimeWarning)
                return super().add_callback(path, mask, callback, id_)
        except OSError as error:
            if error.errno in LIMIT_ERRORS:
                self._on_error(error)
            raise

    def handle_event(self, event: InotifyEvent) -> None:
        """Forward an event; report an overflow, after which others are lost."""
        super().handle_event(event)
        if event.is_queue_overflow:
            self._on_error(OSError(errno.EOVERFLOW, "change events were lost"))


class ReportingObserver(BaseObserver):
    """Watchdog's observer for Linux with a `ReportingInotify`. Raises OSError at a limit."""

    reports_close = True

    def __init__(self, on_error: Callable[[OSError], None]) -> None:
        # The first half of a rename is delayed until the second half arrives, by default for half a
        # second. The kernel sends both at once, so the delay would only slow down saves by rename.
        InotifyMoveEventGrouper.delay = MOVE_DELAY_SECONDS
        self._inotify = ReportingInotify(on_error)
        self._inotify.start()
        super().__init__(InotifyEmitter, inotify_fd=self._inotify)

    def on_thread_stop(self) -> None:
        """Stop the emitters, then the inotify instance that they share."""
        super().on_thread_stop()
        self._inotify.stop()
        self._inotify.join()
