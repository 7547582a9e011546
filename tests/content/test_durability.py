"""What an import wrote is on the disk before a rename makes it visible, in an order that heals."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from trees import tree

from sitegen import durable_files, files
from sitegen.errors import ContentError
from sitegen.ingest import pipeline
from sitegen.sources import Options

MANY = durable_files.MAX_SINGLE_SYNCS + 5
TRACED = "openat,open,mkdir,mkdirat,fsync,syncfs,rename,renameat,renameat2"
CALL = re.compile(r"^\d+ +(\w+)\((.*)\) += (-?\d+)(?:<(.*)>)?$")
NAME = re.compile(r'"((?:[^"\\]|\\.)*)"')
SHOWN = re.compile(r"<(/[^>]*)>")


class Journal:
    """What is not on the disk yet, as system calls go by: files' data, and folders' entries.

    Each call that comes too early is in `faults`, each file that became visible in `visible`.
    """

    def __init__(self, content: Path) -> None:
        self.content = str(content)
        self.data: set[str] = set()
        self.entries: set[str] = set()
        self.faults: list[str] = []
        self.visible: list[str] = []

    def opened_new(self, path: str) -> None:
        """Take in that a file was opened to be written."""
        if self._is_ours(path):
            self.data.add(path)

    def made_folder(self, path: str) -> None:
        """Take in that a folder was made; whether a temporary one lasts does not matter."""
        if self._is_ours(path) and not path.endswith(files.PARTIAL):
            self.entries.add(os.path.dirname(path))

    def synced(self, path: str) -> None:
        """Take in that a file or a folder was synced."""
        self.data.discard(path)
        self.entries.discard(path)

    def synced_all(self) -> None:
        """Take in that the whole file system was synced."""
        self.data.clear()
        self.entries.clear()

    def renamed(self, old: str, new: str) -> None:
        """Take in a rename, before which all must be synced that it makes visible."""
        if not self._is_ours(new):
            return
        name = os.path.relpath(new, self.content)
        self.visible.append(name)
        below = (old, f"{old}/")
        self.faults += [
            f"{name}: data" for path in self.data if path == old or path.startswith(below[1])
        ]
        if name.startswith("threads"):
            steps = {f"{self.content}/.imported", f"{self.content}/media", self.content}
            self.faults += [f"{name} before {path}" for path in steps & self.entries]
        self.entries.add(os.path.dirname(new))

    def _is_ours(self, path: str) -> bool:
        return path.startswith(f"{self.content}/")

    def check(self) -> None:
        """Check that nothing became visible too early, and that all is on the disk at the end."""
        assert not self.faults
        assert not self.entries


def read_trace(text: str, journal: Journal, cwd: Path) -> None:
    """Take in the system calls that strace wrote down."""
    for line in text.splitlines():
        found = CALL.match(line)
        if found is None or found[3].startswith("-"):
            continue
        call, arguments, _, result = found.groups()
        names = [str(cwd / name) for name in NAME.findall(arguments)]
        shown = SHOWN.search(arguments)
        if call in ("open", "openat") and "O_CREAT" in arguments:
            journal.opened_new(result)
        elif call in ("mkdir", "mkdirat"):
            journal.made_folder(names[-1])
        elif call == "syncfs":
            journal.synced_all()
        elif call == "fsync" and shown:
            journal.synced(shown[1])
        elif call.startswith("rename"):
            journal.renamed(*names)


def write_source(folder: Path, threads: dict[str, str], words: str) -> Path:
    """Write an export with a picture for each post: threads by root, as letters of posts."""
    (folder / "media").mkdir(parents=True, exist_ok=True)
    lines = []
    for root, posts in threads.items():
        for at, identity in enumerate(posts):
            (folder / f"media/{identity}.png").write_bytes(identity.encode())
            lines.append({
                "id": identity, "network": "bluesky", "thread": root, "position": at + 1,
                "text": f"{words} {identity}", "author": {"handle": "ada.example", "id": "did:plc:a"},
                "created_at": f"2024-01-01T10:{ord(identity) % 60:02}:{at:02}Z",
                "media": [{"kind": "image", "path": f"media/{identity}.png"}],
            })  # fmt: skip
    path = folder / "posts.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


LETTERS = [chr(ord("A") + n) for n in range(MANY)]
FEW = {"a": "a", "b": "b"}, {"a": "ab", "c": "c"}
FULL = {x: x for x in LETTERS}, {LETTERS[0]: "".join(LETTERS[:2]), **{x: x for x in LETTERS[2:]}}
OTHER = '---\ntitle: Mine\nnetwork: x\nposts:\n  - {"id": "x"}\n---\n<!-- post x -->\n'
SIZES = pytest.mark.parametrize(
    ("first", "second"), [FEW, pytest.param(*FULL, marks=pytest.mark.slow)], ids=["few", "many"]
)


def can_trace() -> bool:
    """Return whether strace works here: a container may forbid it."""
    try:
        return not subprocess.run(
            ["strace", "-o", os.devnull, "true"], capture_output=True, check=False
        ).returncode
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not can_trace(), reason="no strace")
@SIZES
def test_the_system_calls_of_an_import_come_in_an_order_that_a_power_failure_cannot_harm(
    tmp_path: Path, first: dict[str, str], second: dict[str, str]
) -> None:
    (tmp_path / "sitegen.toml").write_text("")
    for threads, words in ((first, "Fog"), (second, "Rain")):
        source = write_source(tmp_path / "source", threads, words)
        log = tmp_path / "trace"
        traced = ["strace", "-f", "-y", "-s", "4096", "-e", f"trace={TRACED}", "-o", str(log)]
        command = [sys.executable, "-m", "sitegen", "import", str(source)]
        done = subprocess.run([*traced, *command], cwd=tmp_path, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
        journal = Journal(tmp_path / "content")
        read_trace(log.read_text(), journal, tmp_path)
        journal.check()
        assert [name for name in journal.visible if name.startswith("threads")]
        assert [name for name in journal.visible if name.startswith("media/")] or words == "Rain"
        assert [name for name in journal.visible if name.startswith(".imported/")]


@SIZES
def test_an_import_syncs_each_file_where_a_file_system_cannot_be_synced_at_once(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    first: dict[str, str],
    second: dict[str, str],
) -> None:
    """Python's own functions are recorded; `syncfs` is none of them."""
    journal = Journal(tmp_path / "content")
    paths: dict[int, str] = {}

    def recorded(name: str, record: Callable[..., object]) -> None:
        call = getattr(os, name)

        def instead(*arguments: Any, **named: Any) -> Any:
            result = call(*arguments, **named)
            record(result, *arguments)
            return result

        monkeypatch.setattr(os, name, instead)

    def opened(descriptor: int, path: Any, flags: int, *rest: object) -> None:
        paths[descriptor] = os.fspath(path)
        if flags & os.O_CREAT:
            journal.opened_new(os.fspath(path))

    recorded("open", opened)
    recorded("mkdir", lambda _, path, *rest: journal.made_folder(os.fspath(path)))
    recorded("fsync", lambda _, descriptor: journal.synced(paths[descriptor]))
    for name in ("rename", "replace"):
        recorded(name, lambda _, old, new: journal.renamed(os.fspath(old), os.fspath(new)))
    monkeypatch.setattr(durable_files, "MAX_SINGLE_SYNCS", 10_000)
    for threads, words in ((first, "Fog"), (second, "Rain")):
        source = write_source(tmp_path / "source", threads, words)
        read = pipeline.read([source], Options())
        pipeline.import_into(tmp_path / "content", tmp_path / "cache", read)
        journal.check()


def import_jsonl(folder: Path, source: Path) -> pipeline.Import:
    """Import an export into a folder."""
    return pipeline.import_into(
        folder / "content", folder / "cache", pipeline.read([source], Options())
    )


def prepare(folder: Path) -> tuple[Path, pipeline.Import]:
    """Return an export, and its planned import, which joins two threads and adds one."""
    source = write_source(folder / "source", {"a": "a", "b": "b", "c": "c"}, "Fog")
    import_jsonl(folder, source)
    source = write_source(folder / "source", {"a": "ab", "c": "c", "d": "d"}, "Rain")
    return source, pipeline.plan_import(folder / "content", [source], Options())


def texts(folder: Path) -> dict[str, bytes]:
    """Return all files of content/ but media."""
    return {n: data for n, data in tree(folder / "content").items() if "media/" not in n}


def refuses(work: Callable[[], object], path: Path) -> None:
    """Check that an import says that a file changed meanwhile."""
    with pytest.raises(ContentError) as stopped:
        work()
    assert stopped.value.path == str(path)
    assert stopped.value.message == "changed while the import ran"
    assert stopped.value.hint == "import again."


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("edit", ["written", "deleted"])
def test_a_file_that_a_person_changes_while_an_import_runs_is_left_alone(
    tmp_path: Path, number: int, edit: str
) -> None:
    """The joined file, the one that gives its post away, one with a new text, and a new one."""
    source, plan = prepare(tmp_path)
    old = sorted((tmp_path / "content").rglob("threads/**/*.md"))
    path = [*old, *map(Path, plan.changes.created)][number]
    if path in old and edit == "deleted":
        path.unlink()
    else:
        mine = path.read_text() if path in old else OTHER
        path.write_text(f"{mine}\nA person's words\n")
    found = texts(tmp_path)
    refuses(lambda: pipeline.write_plan(plan), path)
    assert texts(tmp_path) == found
    is_deleted = path in old and edit == "deleted"
    gone = {0: "a", 2: "c"}.get(number, "") if is_deleted else ""
    heals(tmp_path, source, "" if is_deleted else "A person's words", gone)


@pytest.mark.parametrize("number", range(4))
def test_a_file_that_a_person_changes_while_files_are_written_is_left_alone(
    tmp_path: Path, number: int
) -> None:
    source, plan = prepare(tmp_path)
    old = sorted((tmp_path / "content").rglob("threads/**/*.md"))
    path = [*old, *map(Path, plan.changes.created)][number]
    edited: list[object] = []

    def edit(*step: object) -> None:
        if not edited:
            edited.append(step)
            mine = path.read_text() if path in old else OTHER
            path.write_text(f"{mine}\nA person's words\n")

    refuses(lambda: pipeline.write_plan(plan, edit), path)
    assert "A person's words" in path.read_text()
    heals(tmp_path, source, "A person's words")


def heals(folder: Path, source: Path, words: str, gone: str = "") -> None:
    """Check that the next import has everything, and the one after it nothing to do.

    `gone` are posts that a person deleted.
    """
    import_jsonl(folder, source)
    found = texts(folder)
    written = b"".join(found.values()).decode()
    assert all(f"<!-- post {letter} -->" in written for letter in {*"acd"} - {*gone})
    assert words in written
    assert not any(folder.rglob(f"*{files.PARTIAL}"))
    import_jsonl(folder, source)
    assert texts(folder) == found
