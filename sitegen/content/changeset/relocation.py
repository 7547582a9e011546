"""Relocation of posts: a thread that was in several files is moved into one."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from pathlib import Path

from sitegen.content.changeset import relocation_journal, replies
from sitegen.content.changeset.file_changes import FileChanges
from sitegen.content.changeset.new_files import Key
from sitegen.content.content_folder import duplicate_error
from sitegen.content.format.thread_file import ThreadFile
from sitegen.content.merge import lead_post, rewrite
from sitegen.content.merge.post_parts import PostParts
from sitegen.content.merge.thread_merge import MovedPosts


def take_posts(
    files: FileChanges,
    leaving: Sequence[str],
    posts: Iterable[str],
    into: str,
    placed: Container[str] = (),
) -> MovedPosts:
    """Remove posts and their conversations from files, to be moved into another file.

    Posts in `placed` stay where a person moved them.
    """
    wanted = set(posts)
    moved: dict[str, PostParts] = {}
    for path in leaving:
        file = files.file(path)
        left = lead_post.collect_posts(file, replies.find_connected(file, wanted, placed))
        remove_posts(files, file, left, Path(into))
        moved |= left
    return moved


def record_move(files: FileChanges, into: str, leaving: Sequence[str]) -> None:
    """Record the steps of moving posts out of files that exist on disk."""
    found = ((path, files.steps.on_disk(path, files.before)) for path in leaving)
    if old := {path: text for path, text in found if text is not None}:
        files.steps.move((into, files.texts[into]), old, files.texts)
        for path in (into, *old):
            files.record_step(path)


def finish(files: FileChanges, duplicates: Sequence[tuple[Key, str, str]]) -> None:
    """Finish an interrupted relocation. Raises ContentError for other posts in two files.

    If a person has edited one of the files since, its text is saved beside it.
    """
    found = relocation_journal.read_journal(files.folder)
    stopped = found or relocation_journal.NO_RELOCATION
    into, *leaving = [str(files.folder / name) for name in (stopped.into, *stopped.leaving)]
    gone: dict[str, list[Key]] = {}
    for key, path, other in duplicates:
        left = {path, other} - {into}
        if len(left) > 1 or not left <= {*leaving}:
            raise duplicate_error(key[1], Path(path), Path(other))
        gone.setdefault(left.pop(), []).append(key)
    for path, keys in gone.items():
        texts = {files.steps.name(p): files.before[p] for p in (path, into)}
        if not stopped.has(texts):
            files.save_beside(files.file(path), Path(into))
        remove_posts(files, files.file(path), [identity for _, identity in keys], Path(into))
        files.of_post.update(dict.fromkeys(keys, into))
        files.steps.add_step(path, files.texts[path])
    if found:
        files.steps.end()


def remove_posts(files: FileChanges, file: ThreadFile, posts: Iterable[str], into: Path) -> None:
    """Remove posts from a file; if none remain, a person's own text is saved beside it."""
    rest = rewrite.without_posts(file, posts)
    if rest is None and rewrite.is_personal(file):
        files.save_beside(file, into)
    files.remove_posts(file, rest)
