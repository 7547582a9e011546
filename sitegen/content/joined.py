"""Posts of one thread that were in several files, and are brought together in one."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from pathlib import Path

from sitegen.content import joining, leading, merge, replies, two_files
from sitegen.content.fresh import Key
from sitegen.content.pending import Pending
from sitegen.content.thread_file import ThreadFile


def moved_out(
    files: Pending,
    leaving: Sequence[str],
    posts: Iterable[str],
    into: str,
    placed: Container[str] = (),
) -> merge.Moved:
    """Take posts out of files, with their conversation, for another file that shall have them.

    Posts in `placed` stay where a person put them.
    """
    wanted, moved = set(posts), merge.Moved({}, {})
    for path in leaving:
        file = files.file(path)
        left = leading.moving(file, replies.connected(file, wanted, placed))
        take_out(files, file, left.posts, Path(into))
        moved = merge.Moved(moved.posts | left.posts, moved.deleted | left.deleted)
    return moved


def set_down(files: Pending, into: str, leaving: Sequence[str]) -> None:
    """Set down the steps in which posts move, out of files that are on the disk."""
    found = ((path, files.steps.on_disk(path, files.before)) for path in leaving)
    if old := {path: text for path, text in found if text is not None}:
        files.steps.move((into, files.texts[into]), old, files.texts)


def finish(files: Pending, twice: Sequence[tuple[Key, str, str]]) -> None:
    """Finish what an import was stopped in. Raises ContentError for what else is in two files.

    What a person wrote since into one of the files is kept beside the one that goes.
    """
    found = joining.under_way(files.folder)
    stopped = found or joining.NOTHING
    into, *leaving = [str(files.folder / name) for name in (stopped.into, *stopped.leaving)]
    gone: dict[str, list[Key]] = {}
    for key, path, other in twice:
        left = {path, other} - {into}
        if len(left) > 1 or not left <= {*leaving}:
            raise two_files(key[1], Path(path), Path(other))
        gone.setdefault(left.pop(), []).append(key)
    for path, keys in gone.items():
        texts = {files.steps.name(p): files.before[p] for p in (path, into)}
        if not stopped.has(texts):
            files.keep_beside(files.file(path), Path(into))
        take_out(files, files.file(path), [identity for _, identity in keys], Path(into))
        files.of_post.update(dict.fromkeys(keys, into))
        files.steps.take(path, files.texts[path])
    if found:
        files.steps.end()


def take_out(files: Pending, file: ThreadFile, posts: Iterable[str], into: Path) -> None:
    """Leave a file without some posts; if none stay, what a person wrote is kept beside."""
    rest = merge.without_posts(file, posts)
    if rest is None and merge.is_personal(file):
        files.keep_beside(file, into)
    files.leave(file, rest)
