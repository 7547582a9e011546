"""What the data card says of the posts of an export: how many, from where and when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from sitegen.selection.queried_posts import Selected


class Summary:
    """Counts posts as the file of an export has them: of anonymous ones nothing else is stated."""

    def __init__(self, selected: Iterable[Selected] = ()) -> None:
        self._networks: Counter[str] = Counter()
        self._threads: set[tuple[str, str]] = set()
        self._days: set[str] = set()
        for each in selected:
            self.add(each)

    def add(self, selected: Selected) -> None:
        """Count a post."""
        network = selected.post.network
        self._networks[network] += 1
        self._threads.add((network, selected.thread))
        self._days.update([selected.day] if selected.day else ())

    def facts(self, min_posts: int) -> list[str]:
        """Return sentences; networks of fewer posts are not named."""
        posts, threads = self._networks.total(), len(self._threads)
        found = [f"{count_of(posts, 'post')} in {count_of(threads, 'thread')}."]
        frequent = sorted([name for name, n in self._networks.items() if n >= min_posts])
        if frequent:
            found.append(f"Written on the networks {', '.join(frequent)}.")
        if self._days:
            found.append(f"The first is of {min(self._days)}, the last of {max(self._days)}.")
        return found


def count_of(number: int, noun: str) -> str:
    """Return a number and a noun, in the plural where it is not one."""
    plural = f"{noun}es" if noun.endswith("s") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"


def list_counts(counts: Counter[str]) -> str:
    """Return numbers of things by their names in the singular, as a list of words."""
    return ", ".join([count_of(count, name) for name, count in sorted(counts.items())]) or "nothing"
