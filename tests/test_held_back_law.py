"""The law of what is held back: none of its words is in any byte of the site."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws import long_law
from msgspec.structs import replace
from test_build import site, thread
from trees import tree

from sitegen.config.schema import Config
from sitegen.content import store
from sitegen.content.archive_index import ArchiveIndex
from sitegen.model import (
    Author,
    Card,
    Elsewhere,
    Media,
    Poll,
    PollOption,
    Post,
    Profile,
    Thread,
    Version,
)
from sitegen.site import build as builds
from sitegen.text import facets

SECRET = "Heron"  # in whatever case
WORDS = f"{SECRET} at the weir"
BOX = '- {"id": "'
HELD_BACK = ("hide: true", "draft: true", *(f"visibility: {v}" for v in ("followers", "private")))
ENDS = (
    "",
    "…",
    " every day since the spring flood of the year before last, in all kinds of weather",
)


def secret(identity: str, **fields: object) -> Post:
    """Return a post of which every part says what nobody may read."""
    links = ("https://heron.example/weir",)
    text = f"{WORDS} #heron @heron.example heron.example/weir"
    post = Post(
        identity, "bluesky", text, "2019-07-13T01:02:03Z", Author("heron.example", None, SECRET),
        facets=facets.locate(text, links, ("heron.example",), ("heron",)), links=links,
        mentions=("heron.example",), tags=("heron",), langs=("x-heron",),
        media=(Media("image", "media/heron.png", WORDS, "heron.png"),),
        card=Card(WORDS, WORDS, links[0]), poll=Poll((PollOption(WORDS, 3),)), warning=WORDS,
        url="https://heron.example/post", uncertain=(WORDS,), history=(Version(WORDS),),
        edited_at="2019-07-13T02:03:04Z", extra=(("mood", f'"{WORDS}"'),),
    )  # fmt: skip
    return replace(post, **fields)


def hide(config: Config, ids: set[str], key: str) -> None:
    """Hide posts by their lines."""
    for path in (config.content / "threads").rglob("*.md"):
        text = path.read_text("utf-8")
        for identity in ids:
            text = text.replace(f'{BOX}{identity}"', f'{BOX}{identity}", "{key}": true', 1)
        path.write_text(text, "utf-8")


def without_digests(path: Path, keys: tuple[str, ...]) -> None:
    """Take out the digests of some keys of front matter; without keys, all."""
    text = path.read_text("utf-8")
    for key in keys:
        text = re.sub(rf'"{key}": "[0-9a-f]+"(?:, )?', "", text, count=1)
    if not keys:
        text = re.sub(r"^written: .*\n", "", text, count=1, flags=re.M)
    path.write_text(text, "utf-8")


def leaks(config: Config) -> list[str]:
    """Build; return the names of files in which the word is, or of which it is."""
    builds.build(config)
    word = SECRET.lower().encode()
    return [
        name
        for name, data in tree(config.output).items()
        if word in data.lower() or word in name.lower().encode()
    ]


@long_law
@given(
    st.lists(st.booleans(), min_size=1, max_size=4).filter(lambda found: False in found),
    st.sampled_from(["hide", "draft"]),
    st.none() | st.sampled_from([(), ("title",), ("tags", "title"), ("date", "handle")]),
    st.sampled_from([None, "quote_of", "repost_of", "reply_to", "also"]),
    st.sampled_from(HELD_BACK),
    st.sampled_from([None, "bluesky", "x"]),
)
def test_no_word_of_what_is_held_back_is_in_any_byte_of_the_site(
    shown: list[bool],
    key: str,
    digests: tuple[str, ...] | None,
    field: str | None,
    line: str,
    copied_to: str | None,
) -> None:
    ids = [f"p{at}" for at in range(len(shown))]
    members = [
        replace(thread(i, "Fog").posts[0], id=i) if is_shown else secret(i)
        for i, is_shown in zip(ids, shown, strict=True)
    ]
    closed = {i for i, is_shown in zip(ids, shown, strict=True) if not is_shown}
    members[1:] = [replace(post, reply_to="p0") for post in members[1:]]
    other = thread("q", "Rain").posts[0]
    if field == "also":
        copy = Elsewhere(
            f"heron-{min(closed)}", "https://heron.example/post", Author("heron.example")
        )
        other = replace(other, also=(copy,))
        members = [replace(p, id=copy.id) if p.id == min(closed) else p for p in members]
        members = [
            replace(p, reply_to=copy.id) if p.reply_to == min(closed) else p for p in members
        ]
        closed = {copy.id if i == min(closed) else i for i in closed}
    elif field:
        other = replace(other, **{field: min(closed)})
    if field and field != "also" and copied_to:  # known by the id that it has elsewhere, or had
        copy = Elsewhere("heron-copy", "https://heron.example/copy", Author("heron.example"))
        other = replace(other, network=copied_to, elsewhere=(copy,), **{field: copy.id})
        also = (replace(copy, network=copied_to),)
        members = [replace(p, also=also) if p.id == min(closed) else p for p in members]
    about = Profile("ada.example", "bluesky", "ada.example", "Ada", pinned=min(closed))
    with tempfile.TemporaryDirectory() as name:
        config = site(
            Path(name), Thread("p0", "bluesky", tuple(members)),
            Thread(other.id, other.network, (other,)),
            Thread("z", "bluesky", (secret("z"), secret("z1"))),
            toml='[site]\nbase_url = "https://ada.example/"\n',
        )  # fmt: skip
        unseen = Profile("heron", "bluesky", "heron.example", SECRET, bio=WORDS)
        store.write(store.merge(ArchiveIndex(config.content), (), (about, unseen)))
        (config.content / "media").mkdir()
        (config.content / "media/heron.png").write_bytes(b"\x89PNG heron")
        (config.content / "heron.md").write_text(f"# {WORDS}\n", "utf-8")
        for path in config.content.rglob("*.md"):
            text = path.read_text("utf-8")
            if '"id": "p0"' in text and digests is not None:
                without_digests(path, digests)
            elif '"id": "z"' in text or 'handle: "heron' in text or path.name == "heron.md":
                head = text if text.startswith("---\n") else f"---\n---\n{text}"
                path.write_text(head.replace("---\n", f"---\n{line}\n", 1), "utf-8")
        hide(config, closed, key)
        assert leaks(config) == []


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("own", ["", "written: {}\n"])
def test_a_title_that_begins_a_hidden_post_is_not_its_threads(
    tmp_path: Path, end: str, own: str
) -> None:
    posts = thread("a", f"{WORDS}{ENDS[2]}", "Fog").posts
    config = site(tmp_path, Thread("a0", "bluesky", posts))
    hide(config, {"a0"}, "hide")
    (path,) = config.content.rglob("*.md")
    text = re.sub(r"^(written|title): .*\n", "", path.read_text("utf-8"), flags=re.M)
    path.write_text(text.replace("---\n", f'---\n{own}title: "{WORDS}{end}"\n', 1), "utf-8")
    assert leaks(config) == []


def test_a_title_of_ones_own_stays_where_a_post_is_hidden(tmp_path: Path) -> None:
    config = site(tmp_path, Thread("a0", "bluesky", thread("a", "Nobody reads this", "Fog").posts))
    hide(config, {"a0"}, "hide")
    (path,) = config.content.rglob("*.md")
    text = re.sub(r"^(written|title): .*\n", "", path.read_text("utf-8"), flags=re.M)
    path.write_text(text.replace("---\n", '---\ntitle: "The heron diary"\n', 1), "utf-8")
    assert "thread/bluesky-a1.html" in leaks(config)
