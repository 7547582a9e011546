"""Linux's notices of changes, with the two faults told that are otherwise passed over in silence.

Watchdog raises when the first folder of a tree cannot be watched, but not when a folder in it
cannot, and only logs that the kernel dropped events (inotify(7), ENOSPC and IN_Q_OVERFLOW).
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

LIMITS = frozenset({errno.ENOSPC, errno.EMFILE, errno.ENFILE, errno.ENOMEM})
MOVE_DELAY = 0.01


class ReportingInotify(InotifyFD):
    """An inotify instance that tells when it sees less than it should."""

    def __init__(self, trouble: Callable[[OSError], None]) -> None:
        super().__init__()
        self._trouble = trouble

    def add_callback(
        self, path: bytes, mask: Mask, callback: WatchCallback, id_: CallbackId
    ) -> WatchDescriptor:
        """Watch one folder; tell when a limit of the system forbids it.

        One that appears with another in it may be met twice, which is no news to anybody.
        """
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", RuntimeWarning)
                return super().add_callback(path, mask, callback, id_)
        except OSError as error:
            if error.errno in LIMITS:
                self._trouble(error)
            raise

    def handle_event(self, event: InotifyEvent) -> None:
        """Pass an event on; tell when it says that others were lost."""
        super().handle_event(event)
        if event.is_queue_overflow:
            self._trouble(OSError(errno.EOVERFLOW, "notices of changes were lost"))


class ReportingObserver(BaseObserver):
    """Watchdog's observer for Linux around a `ReportingInotify`. Raises OSError at a limit."""

    reports_closings = True

    def __init__(self, trouble: Callable[[OSError], None]) -> None:
        # The first half of a rename is held back until the second half came, half a second by
        # default; the kernel sends both at once, so that only saves by rename become slow.
        InotifyMoveEventGrouper.delay = MOVE_DELAY
        self._inotify = ReportingInotify(trouble)
        self._inotify.start()
        super().__init__(InotifyEmitter, inotify_fd=self._inotify)

    def on_thread_stop(self) -> None:
        """Stop the emitters, then the inotify instance that they share."""
        super().on_thread_stop()
        self._inotify.stop()
        self._inotify.join()
