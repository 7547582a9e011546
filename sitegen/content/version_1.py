"""Convert content/ from version 1 of its format, which had digests and counts in the files.

A file of version 1 has the digests of what sitegen wrote in `written:`, its last key. What a person
edited keeps its old digest, which is shorter and equals no new one: it stays the person's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import combinations
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from sitegen.content import counts as counts_files
from sitegen.content.changeset.changeset import Changes
from sitegen.content.content_folder import PROFILES, THREADS, is_begun, markdown_files, read_text
from sitegen.content.format import front_matter, profile_file, thread_file
from sitegen.content.format.draft import EXTRA, TEXT, Parts, as_object, digest
from sitegen.content.format.hiding import HIDE, is_closed
from sitegen.content.format.profile_file import ProfileFile
from sitegen.content.format.recorded import (
    HISTORY,
    Recorded,
    is_short,
    legacy_digest,
    unite,
    version_digest,
    versions,
)
from sitegen.content.format.stored import is_post_hidden, stored_posts
from sitegen.content.format.thread_file import WRITTEN, WRITTEN_LINE, ThreadFile
from sitegen.content.imported import (
    fingerprints,
    import_records,
    record_files,
    record_texts,
)
from sitegen.content.imported.import_records import ImportRecords
from sitegen.content.imported.record_lines import Key, PostLine, ProfileLine
from sitegen.content.imported.stamps import NEVER, Seen
from sitegen.content.merge import rewrite
from sitegen.content.merge.post_parts import PostParts
from sitegen.content.merge.rewrite import POSTS
from sitegen.content.merge.thread_merge import TAGS
from sitegen.content.post_media import media_parts
from sitegen.content.post_media.media_parts import MEDIA
from sitegen.model import Counts, Json

MAX_ALTS = 8  # of a post, of which every selection is tried


class _Thread(Struct, frozen=True):
    """A thread's file in the new format, its posts' times, and the posts deleted from it."""

    file: ThreadFile
    before: str
    times: dict[Key, str | None]
    deleted: tuple[Key, ...]


def is_version_1(folder: Path) -> bool:
    """Return whether a content folder is in version 1 of the format. Raises ContentError."""
    return record_files.format_of(folder) != record_files.FORMAT and has_files(folder)


def has_files(folder: Path) -> bool:
    """Return whether a content folder has files in version 1 of the format. Raises ContentError.

    Somebody whose sitegen is older may have added them to an archive of version 2.
    """
    return is_begun(folder) and any(WRITTEN_LINE.search(text) for _, text in _texts(folder))


def convert(folder: Path) -> Changes:
    """Return the changes that convert a content folder. Raises ContentError.

    A conversion that was stopped is continued: files of the new format stay as they are, and the
    journal has their digests.
    """
    before = import_records.load(folder)
    is_new = record_files.format_of(folder) == record_files.FORMAT  # but for some files
    kept = {key: line for key, line in before.posts.items() if is_new or line.deleted}
    usual = import_records.version_1_networks(folder)
    threads = [_convert_thread(path, text, before) for path, text in _of(folder, THREADS)]
    profiles = [_convert_profile(path, text, before) for path, text in _of(folder, PROFILES)]
    records, rows, times = _records(before, usual, threads, kept)
    rows = counts_files.read_all(folder) | rows
    lines = dict(line for _, _, line in profiles)
    records = replace(records, profiles={**before.profiles, **lines})
    texts = record_texts.texts(folder, ImportRecords(), records, times)
    # the tables of counts come first: the files that are converted do not have them any more
    texts = replace(texts, accounts=texts.accounts | counts_files.texts(folder, rows, times))
    changed = {t.file.path: t.file.text for t in threads if t.file.text != t.before}
    changed |= {file.path: file.text for file, old, _ in profiles if file.text != old}
    at = folder / record_files.FOLDER
    ending = (at / record_files.JOURNAL, at / record_files.VERSION_1_NETWORKS)
    return Changes(
        created={},
        updated=changed,
        removed=(),
        unchanged=len(threads) + len(profiles) - len(changed),
        conflicts=(),
        beside={},
        moves=(),
        places={},
        import_records=texts,
        records=tuple(map(str, ending)),
        before={t.file.path: t.before for t in threads if t.file.path in changed}
        | {file.path: old for file, old, _ in profiles if file.path in changed},
        folder=folder,
        posts=len(records.posts),
    )


def _texts(folder: Path) -> Iterator[tuple[str, str]]:
    yield from _of(folder, THREADS)
    yield from _of(folder, PROFILES)


def _of(folder: Path, kind: str) -> Iterator[tuple[str, str]]:
    for path in markdown_files(folder / kind):
        yield path, read_text(path)


def _convert_thread(path: str, text: str, records: ImportRecords) -> _Thread:
    old = thread_file.read(path, text)
    network = old.network
    stored = stored_posts(old)
    times = {(network, each.post.id): each.post.created_at for each in stored}
    written = old.written
    if not written:
        key = network, next(iter(old.records))
        front, digests = records.threads.get(key, {}), _digests_of(records, network, old)
        return _Thread(replace(old, recorded=Recorded(front, digests)), text, times, ())
    front = {k: v for k, v in written.items() if k != POSTS}
    of_posts = {i: as_object(d) for i, d in as_object(written.get(POSTS)).items()}
    recorded = Recorded(
        _convert_digests(old.fields, front),
        {i: _convert_digests(old.parts_of(i), _of_media(old, i, of_posts)) for i in old.records},
    )
    shown = [i for i in old.records if is_closed(old.records[i]) and not is_post_hidden(old, i)]
    head = _with_no_tags(front_matter.without(old.head, WRITTEN, path), old)
    bare = text.replace(old.head, head, 1)
    new = thread_file.read(path, bare, recorded)
    posts = rewrite.posts_of(new)
    posts |= {i: _show(posts[i]) for i in shown}
    new = rewrite.with_posts(new, posts)
    deleted = tuple([(network, i) for i in of_posts if i not in old.records])
    return _Thread(new, text, times, deleted)


def _with_no_tags(head: str, old: ThreadFile) -> str:
    """Return a head that says that a thread has no tags, if a person deleted the line of them."""
    if not old.written.get(TAGS) or TAGS in old.fields:
        return head
    blocks = front_matter.blocks(head, old.path)
    at = next((n for n, block in enumerate(blocks) if block.key == POSTS), len(blocks))
    lines = [block.raw for block in blocks]
    return "".join([*lines[:at], front_matter.line(TAGS, []), *lines[at:]])


def _show(post: PostParts) -> PostParts:
    """Return a post of limited visibility with the line by which an import includes it."""
    last = {name: value for name, value in post.parts.items() if name in (EXTRA, TEXT)}
    first = {name: value for name, value in post.parts.items() if name not in last}
    return replace(post.write(HIDE, False), parts=first | {HIDE: False} | last)


def _digests_of(records: ImportRecords, network: str, file: ThreadFile) -> dict[str, Parts]:
    lines = {i: records.posts.get((network, i)) for i in file.records}
    return {i: line.digests for i, line in lines.items() if line}


def _convert_profile(
    path: str, text: str, records: ImportRecords
) -> tuple[ProfileFile, str, tuple[Key, ProfileLine]]:
    old = profile_file.read(path, text)
    key = old.key
    known = records.profiles.get(key, ProfileLine(*key))
    written = old.fields.get(WRITTEN)
    if not isinstance(written, dict):
        return old, text, (key, known)
    fields = {k: v for k, v in old.fields.items() if k != WRITTEN}
    digests = _convert_digests(fields | {TEXT: old.body}, written)
    new = profile_file.read(
        path, text.replace(old.head, front_matter.without(old.head, WRITTEN, path), 1), digests
    )
    return new, text, (key, replace(known, digests=digests))


def _of_media(file: ThreadFile, identity: str, written: Mapping[str, Parts]) -> Parts:
    """Return the digests of a post; of a list of media with alt texts, those of its parts.

    If a person changed the list, alt texts are taken out of it until its digest is the written
    one: mostly they were added.
    """
    known = written.get(identity, {})
    listed = file.records[identity].get(MEDIA)
    if MEDIA not in known or not isinstance(listed, list):
        return known
    for imported in _without_some_alts(listed):
        if legacy_digest(imported) == known[MEDIA]:
            digests: Parts = {
                name: digest(value) for name, value in media_parts.from_list(imported).items()
            }
            return {k: v for k, v in known.items() if k != MEDIA} | digests
    unknown = dict.fromkeys(filter(None, map(media_parts.alt_name, listed)), known[MEDIA])
    return known | unknown


def _without_some_alts(media: list[Json]) -> Iterator[list[Json]]:
    """Yield a list of media without any selection of its alt texts, the whole list first."""
    described = [n for n, m in enumerate(media) if isinstance(m, dict) and "alt" in m]
    for count in range(len(described) + 1 if len(described) <= MAX_ALTS else 1):
        for chosen in combinations(described, count):
            yield [
                {k: v for k, v in m.items() if k != "alt"}
                if n in chosen and isinstance(m, dict)
                else m
                for n, m in enumerate(media)
            ]


def _convert_digests(parts: Parts, written: Parts) -> Parts:
    """Return the digests of parts in the new form, where they are as written."""
    return {
        name: _convert_digest(name, parts, old) if is_short(old) or name == HISTORY else old
        for name, old in written.items()
    }


def _convert_digest(name: str, parts: Parts, old: Json) -> Json:
    if name == HISTORY:
        known = {legacy_digest(v["text"]): version_digest(v) for v in versions(parts)}
        listed = old if isinstance(old, list) else []
        return [known.get(str(each), each) for each in listed]
    is_same = name in parts and legacy_digest(parts[name]) == old
    return digest(parts[name]) if is_same else old


def _records(
    before: ImportRecords, usual: dict[str, Seen], threads: list[_Thread], kept: dict[Key, PostLine]
) -> tuple[ImportRecords, dict[Key, Counts], dict[Key, str | None]]:
    """Return the records, counts and times of all posts; `kept` are lines of deleted ones."""
    fronts: dict[Key, Parts] = {}
    posts: dict[Key, PostLine] = {}
    rows: dict[Key, Counts] = {}
    times: dict[Key, str | None] = {}
    known = fingerprints.Fingerprints(before.posts, ())
    for thread in threads:
        file = thread.file
        network, name = file.network, str(file.fields.get("id"))
        first = network, next(iter(file.records))
        fronts[first] = unite(before.threads.get(first, {}), file.recorded.fields)
        times |= thread.times
        for identity in file.records:
            key = network, identity
            line = before.posts.get(key, PostLine(*key, seen=usual.get(network, NEVER)))
            new = replace(
                line,
                thread="" if name == identity else name,
                deleted=False,
                digests=unite(line.digests, file.recorded.posts.get(identity, {})),
            )
            posts[key] = known.complete(new, partial(fingerprints.as_recorded, file, identity))
            if identity in file.recorded.counts:
                rows[key] = counts_files.from_parts(file.recorded.counts[identity])
    gone = {key for thread in threads for key in thread.deleted} - posts.keys()
    tombstones = {key: PostLine(*key, deleted=True) for key in gone}
    records = ImportRecords(
        tombstones | kept | posts, fronts, {}, before.accounts, sources=before.sources
    )
    return records, rows, times
