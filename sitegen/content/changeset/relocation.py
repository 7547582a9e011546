"""Posts of one thread that were in several files, and are brought together in one."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from pathlib import Path

from sitegen.content.changeset import relocation_journal, replies
from sitegen.content.changeset.new_files import Key
from sitegen.content.changeset.pending import Pending
from sitegen.content.content_folder import two_files
from sitegen.content.format.thread_file import ThreadFile
from sitegen.content.merge import lead_post, thread_merge


def moved_out(
    files: Pending,
    leaving: Sequence[str],
    posts: Iterable[str],
    into: str,
    placed: Container[str] = (),
) -> thread_merge.Moved:
    """Take posts out of files, with their conversation, for another file that shall have them.

    Posts in `placed` stay where a person put them.
    """
    wanted, moved = set(posts), thread_merge.Moved({}, {})
    for path in leaving:
        file = files.file(path)
        left = lead_post.moving(file, replies.connected(file, wanted, placed))
        take_out(files, file, left.posts, Path(into))
        moved = thread_merge.Moved(moved.posts | left.posts, moved.deleted | left.deleted)
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
    found = relocation_journal.under_way(files.folder)
    stopped = found or relocation_journal.NOTHING
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
    rest = thread_merge.without_posts(file, posts)
    if rest is None and thread_merge.is_personal(file):
        files.keep_beside(file, into)
    files.leave(file, rest)
