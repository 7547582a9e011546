"""Version 1 of the format of content/: it is read as ever, and converted without any loss."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from laws import long_law
from msgspec.structs import replace
from strategies import archives
from test_content import edit, only_file, post, store, thread
from trees import tree
from version_1 import convert, downgrade

from sitegen import exchange
from sitegen.content import content_folder, version_1
from sitegen.content import store as stores
from sitegen.content.archive_index import ArchiveIndex
from sitegen.errors import ContentError
from sitegen.ingest import pipeline
from sitegen.model import Counts, Media, Profile, Thread
from sitegen.sources import Options


def exported(folder: Path) -> str:
    return exchange.lines(content_folder.read_archive(folder))


@long_law
@given(archives())
def test_an_archive_is_read_and_converted_without_loss(threads: tuple[Thread, ...]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store(folder, *threads, profiles=(Profile("did:a", "net", "ada", "Ada", "A bio"),))
        new, before = tree(folder), exported(folder)
        downgrade(folder)
        assert exported(folder) == before
        convert(folder)
        assert exported(folder) == before
        files = {k: v for k, v in tree(folder).items() if not k.startswith(".imported")}
        assert files == {k: v for k, v in new.items() if not k.startswith(".imported")}
        changes = stores.merge(ArchiveIndex(folder), threads, ())
        assert (changes.created, changes.updated, changes.conflicts) == ({}, {}, ())


WELL = Media("image", "media/a.png", "A well")
EDITS = {
    "text": ("The first words", "My own words"),
    "title": ('title: "The first words"', 'title: "Mine"'),
    "alt text": ('"alt": "A well"', '"alt": "An old well"'),
    "no alt text": (', "alt": "A well"', ""),
    "no tags": (', "tags": ["sky"], "media"', ', "media"'),
    "hidden": ('"id": "3ka",', '"id": "3ka", "hide": true,'),
    "a key": ("---\n\n", "cover: [a, b]\n---\n\n"),
    "a comment": ("---\n\n", "# mine\n---\n\n"),
}


@pytest.mark.parametrize("name", EDITS)
def test_what_a_person_edited_stays_through_a_conversion(tmp_path: Path, name: str) -> None:
    first = post("3ka", "The first words", tags=("sky",), media=(WELL,), counts=Counts(likes=1))
    store(tmp_path, thread(first))
    downgrade(tmp_path)
    edit(only_file(tmp_path), *EDITS[name])
    before = exported(tmp_path)
    convert(tmp_path)
    assert exported(tmp_path) == before
    assert '"written"' not in only_file(tmp_path).read_text("utf-8")
    again = store(tmp_path, thread(first))
    assert (again.updated, again.conflicts) == ({}, ())
    newer = replace(first, text="Other words", media=(replace(WELL, alt="A dry well"),))
    store(tmp_path, thread(newer))
    after = exported(tmp_path)
    assert ("My own words" in after) == (name == "text")
    assert ("An old well" in after) == (name == "alt text")
    assert ("A dry well" in after) == (name not in ("alt text", "no alt text"))
    assert ('"hide": true' in after) == (name == "hidden")


def test_alt_texts_beside_an_edited_one_follow_the_source_after_the_next_import(
    tmp_path: Path,
) -> None:
    mill = Media("image", "media/b.png", "A mill")
    first = post("3ka", "The first words", media=(WELL, mill))
    store(tmp_path, thread(first))
    downgrade(tmp_path)
    edit(only_file(tmp_path), '"alt": "A well"', '"alt": "An old well"')
    convert(tmp_path)
    store(tmp_path, thread(first))
    newer = (replace(WELL, alt="A dry well"), replace(mill, alt="A burnt mill"))
    done = store(tmp_path, thread(replace(first, media=newer)))
    (found,) = content_folder.read_archive(tmp_path)
    assert [medium.alt for medium in found.posts[0].media] == ["An old well", "A burnt mill"]
    assert [conflict.parts for conflict in done.conflicts] == [("alt/a.png of post 3ka",)]


def test_a_post_of_version_1_has_the_fingerprint_of_an_imported_one(tmp_path: Path) -> None:
    def prints() -> list[str]:
        lines = (tmp_path / ".imported/2025.jsonl").read_text("utf-8").splitlines()
        return [json.loads(line).get("print", "") for line in lines]

    store(tmp_path, thread(post("3ka", "Fog over the harbour", created_at="2025-05-01T10:00:00Z")))
    before = prints()
    downgrade(tmp_path)
    convert(tmp_path)
    assert prints() == before
    assert before[0]


def test_posts_deleted_in_version_1_stay_away(tmp_path: Path) -> None:
    whole = thread(post("3ka", "One"), post("3kb", "Two", reply_to="3ka"))
    store(tmp_path, whole)
    downgrade(tmp_path)
    path = only_file(tmp_path)
    line = next(line for line in path.read_text("utf-8").split("\n") if '"id": "3kb"' in line)
    edit(path, f"{line}\n", "")
    edit(path, "\n<!-- post 3kb -->\n\nTwo\n", "")
    convert(tmp_path)
    assert store(tmp_path, whole).withheld == 1
    assert [p.id for t in content_folder.read_archive(tmp_path) for p in t.posts] == ["3ka"]


def test_a_second_conversion_changes_nothing(tmp_path: Path) -> None:
    store(tmp_path, thread(post("3ka", "One", media=(WELL,), counts=Counts(likes=3))))
    downgrade(tmp_path)
    convert(tmp_path)
    before = tree(tmp_path)
    assert pipeline.convert(tmp_path, tmp_path / "cache") == 0
    (tmp_path / ".imported/format").unlink()
    stores.write(version_1.convert(tmp_path))
    assert {k: v for k, v in tree(tmp_path).items() if not k.startswith("cache")} == before


def test_a_stopped_conversion_is_continued(tmp_path: Path) -> None:
    posts = [thread(post(f"3k{n}", f"Number {n}", counts=Counts(likes=n))) for n in range(4)]
    store(tmp_path, *posts)
    new = tree(tmp_path)
    downgrade(tmp_path)
    changes = version_1.convert(tmp_path)
    some = dict([*changes.updated.items()][:2])
    journal = replace(changes.import_records, files={})
    stores.write(replace(changes, updated=some, records=(), import_records=journal))
    edit(next((tmp_path / "threads").rglob("*number-3*.md")), "\nNumber 3", "\nMine")
    convert(tmp_path)
    after = tree(tmp_path)
    edited = next(k for k in new if "number-3" in k)
    assert after.pop(edited) == new.pop(edited).replace(b"\nNumber 3", b"\nMine")
    assert {k: v for k, v in after.items() if not k.startswith(".imported")} == {
        k: v for k, v in new.items() if not k.startswith(".imported")
    }
    assert stores.merge(ArchiveIndex(tmp_path), posts, ()).updated == {}


def test_an_import_converts_first_and_a_dry_run_asks_for_it(tmp_path: Path) -> None:
    source = tmp_path / "posts.jsonl"
    source.write_text('{"id": "3ka", "network": "bluesky", "text": "One"}\n')
    content = tmp_path / "content"
    reads = pipeline.read([source], Options(), lambda done, total: None)
    pipeline.import_into(content, tmp_path / "cache", reads)
    downgrade(content)
    with pytest.raises(ContentError, match="version 1") as caught:
        pipeline.dry_run(content, reads)
    assert "sitegen convert" in (caught.value.hint or "")
    assert pipeline.convert(content, tmp_path / "cache") == 1
    assert pipeline.dry_run(content, reads).changes.unchanged == 1
