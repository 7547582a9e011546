"""What a person edited is the same after an older export as before it."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from trees import tree

from sitegen.ingest import pipeline
from sitegen.ingest.source_reader import ReadSource
from sitegen.model import Author, Counts, Post
from sitegen.sources import Imported
from sitegen.threads import group

ADA = Author("ada@moor.example", "77", "Ada")
POSTS = (
    Post("1", "net", "Fog over the moor #fog", "2025-05-01T10:00:00Z", ADA, tags=("fog",), langs=("en",)),
    Post("2", "net", "And dew", "2025-05-02T10:00:00Z", ADA, "1", tags=("dew",), warning="Wet"),
    Post("3", "net", "Something else", "2025-05-03T10:00:00Z", ADA, url="https://net.example/3"),
)  # fmt: skip
OLDER, NEWER = 1, 2
_LINE = re.compile(r"(?m)^  - (\{.*\})$")
_FRONT = re.compile(r"(?m)^(title|date|tags): .*\n")


def export(day: int, *posts: Post) -> ReadSource:
    """Return the full export of a day, whose posts have one like more each day."""
    liked = [replace(post, counts=Counts(likes=day)) for post in posts]
    imported = Imported(
        "an archive", len(posts), group(liked), until=f"2025-06-0{day}T12:00:00Z", complete=(("net", "77"),)
    )  # fmt: skip
    return ReadSource(f"{day}.zip", None, imported)


def change_lines(text: str, field: str, value: object) -> str:
    """Give the field of every post another value, or none."""

    def changed(line: re.Match[str]) -> str:
        fields = json.loads(line[1])
        had = fields.pop(field, None)
        if had is not None and value is not None:
            fields[field] = value
        return f"  - {json.dumps(fields)}"

    return _LINE.sub(changed, text)


LINE_EDITS = st.sampled_from(
    [("tags", ["mine"]), ("langs", ["de"]), ("warning", "Mine"), ("url", "https://mine.example/3"),
     ("created_at", "2025-05-09T10:00:00Z"), *((field, None) for field in ("tags", "langs", "warning", "url"))]
).map(lambda change: lambda text: change_lines(text, *change))  # fmt: skip
FRONT_EDITS = st.sampled_from(["", 'title: "Mine"\n', 'tags: ["mine"]\n']).map(
    lambda line: (
        lambda text: _FRONT.sub(
            lambda found: line if line.startswith(f"{found[1]}:") else found[0], text
        )
    )
)
TEXT_EDITS = st.just(lambda text: text.replace("And dew", "And my dew"))


@given(
    st.lists(st.one_of(LINE_EDITS, FRONT_EDITS, TEXT_EDITS), min_size=1, max_size=3),
    st.sets(st.sampled_from(POSTS), min_size=1),
    st.lists(st.sampled_from([OLDER, NEWER]), max_size=3),
)
def test_an_older_export_changes_nothing_that_a_person_edited(
    edits: list[Callable[[str], str]], had: set[Post], again: list[int]
) -> None:
    exports = {
        OLDER: export(OLDER, *[post for post in POSTS if post in had]),
        NEWER: export(NEWER, *POSTS),
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "content"

        def bring(day: int) -> None:
            pipeline.import_into(folder, Path(name) / "cache", (exports[day],))

        bring(OLDER)
        for file in (folder / "threads").rglob("*.md"):
            text = file.read_text("utf-8")
            for edit in edits:
                text = edit(text)
            file.write_text(text, "utf-8")
        bring(NEWER)
        expected = threads(folder)
        for day in (OLDER, *again):
            bring(day)
            assert threads(folder) == expected


def threads(folder: Path) -> dict[str, bytes]:
    """Return the files of the threads."""
    return {name: data for name, data in tree(folder).items() if name.startswith("threads/")}
