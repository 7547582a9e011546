"""The state of the last build, for the next one: on the disk, and in a process that builds again.

On the disk it is in two parts, since few builds change much: all of it as one build left it, and
what the builds after that one changed. A process may keep it too; that counts for as long as
both parts lie as the process left them and no build was broken off.
"""

from __future__ import annotations

from sitegen.site.cache import build_state
from sitegen.site.cache.build_cache import Cache, CacheStat
from sitegen.site.cache.build_state import State

SHARE = 4  # when the changes are more than this part of the whole, it is written anew


class Memory:
    """What a process keeps from build to build; it may be that of another folder's build."""

    def __init__(self) -> None:
        self._stat: CacheStat | None = None
        self._state = self._changes = build_state.empty()

    def load(self, cache: Cache) -> State:
        """Return the last build's state; an empty one when there is none to be used."""
        stat, distrusted = cache.stat(), cache.journal()
        if distrusted or stat != self._stat:
            self._changes = build_state.load(cache.changes(), distrusted)
            self._state = build_state.load(cache.state(), distrusted).with_changes(self._changes)
            self._stat = stat
        return self._state

    def keep(self, cache: Cache, now: State, changed: State | None) -> None:
        """Keep a build's state; `changed` is what is new in it, where that is not all."""
        changes = self._changes.with_changes(changed) if changed else build_state.empty()
        data = [*build_state.written(changes, cache.of_the_state())] if changed else []
        if changed and sum(map(len, data)) * SHARE < cache.stat().size:
            cache.keep_changes(data)
        else:
            changes = build_state.empty()
            cache.keep(build_state.written(now, cache.format))
        self._state, self._changes, self._stat = now, changes, cache.stat()
