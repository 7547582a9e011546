"""Load and save the state of the last build, on disk and in the memory of watch mode.

On disk it has two parts, since most builds change little: a full state, and the changes since.
The copy in memory is valid while both files have the signatures that this process left and
there is no journal of an interrupted build.
"""

from __future__ import annotations

from sitegen.site.cache import build_state
from sitegen.site.cache.build_cache import Cache, CacheStat
from sitegen.site.cache.build_state import State

COMPACTION_FACTOR = 4  # rewrite the full state once the changes exceed a quarter of its size


class StateCache:
    """The last state that this process loaded or saved, possibly for another output folder."""

    def __init__(self) -> None:
        self._stat: CacheStat | None = None
        self._state = self._changes = build_state.empty()

    def load(self, cache: Cache) -> State:
        """Return the last build's state; an empty one if none is usable."""
        stat, untrusted = cache.stat(), cache.journal()
        if untrusted or stat != self._stat:
            self._changes = build_state.load(cache.changes(), untrusted)
            self._state = build_state.load(cache.state(), untrusted).with_changes(self._changes)
            self._stat = stat
        return self._state

    def save(self, cache: Cache, state: State, new_changes: State | None) -> None:
        """Save a build's state; `new_changes` is the changed part, None to save all of it."""
        changes = self._changes.with_changes(new_changes) if new_changes else build_state.empty()
        data = [*build_state.encode_state(changes, cache.state_identity())] if new_changes else []
        if new_changes and sum(map(len, data)) * COMPACTION_FACTOR < cache.stat().size:
            cache.save_changes(data)
        else:
            changes = build_state.empty()
            cache.save_state(build_state.encode_state(state, cache.format))
        self._state, self._changes, self._stat = state, changes, cache.stat()
