"""The media block: pictures are Markdown images at the end of a post's section."""

from __future__ import annotations

from pathlib import Path

import html5lib
import markdown
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from msgspec.structs import replace
from strategies import MEDIA, TEXTS
from version_1 import convert, downgrade

from sitegen.content import content_folder, store
from sitegen.content.archive_index import ArchiveIndex
from sitegen.content.format import post_text, thread_file
from sitegen.content.format.draft import thread_draft
from sitegen.content.format.stored import stored_posts
from sitegen.content.imported.stamps import Stamp
from sitegen.content.merge import rewrite
from sitegen.content.merge_options import SourceStatements
from sitegen.content.post_media import media_block
from sitegen.content.post_media.media_block import BlockLine, Section
from sitegen.model import Author, Facet, Media, Post, Thread
from sitegen.text.richtext import to_markdown

ADA = Author("ada.example")
WORST = st.sampled_from(
    [
        "![x](../../media/a.png)",
        "words\n![x](../../media/a.png)",
        "[x](../../media/a.mp4)",
        "![](<../../media/a b.png>)",
        "\\![x](media/a.png)\n\n",
        "![x\n](../../media/a.png)",
        "a](../../media/a.png)",
    ]
)
NAMES = st.one_of(TEXTS, st.sampled_from(["a.png", "a b.JPG", "x/y.mp4", "ü.webm", "a](b.png"]))


@given(name=NAMES, alt=TEXTS | WORST, is_image=st.booleans(), levels=st.integers(0, 5))
def test_any_file_and_any_alt_text_can_be_a_line(
    name: str, alt: str, is_image: bool, levels: int
) -> None:
    known = media_block.name_of(f"media/{name}")
    if known is None:
        assert not name or "\0" in name or {"", ".", ".."}.intersection(name.split("/"))
        return
    shown = media_block.flatten(alt)
    line = media_block.format_line(name, shown, is_image, levels)
    assert "\n" not in line
    assert media_block.parse(line, levels) == BlockLine(name, shown, is_image)
    assert media_block.parse(line, levels + 1) == BlockLine(name, shown, is_image, is_near=False)


@given(alt=TEXTS | WORST)
@example("12. At 5 m: see https://example.org, #wells - www.example.org")
@example("]: [x]: \\] ![a](b) `c` <d> &amp; &#10; *e* _f_")
def test_every_renderer_shows_exactly_the_alt_text(alt: str) -> None:
    shown = media_block.flatten(alt)
    line = media_block.format_line("a.png", shown, True)
    (paragraph,) = [t for t in MarkdownIt().parse(line) if t.type == "inline"]
    (image,) = paragraph.children or []
    assert image.type == "image"
    words = "".join(t.content or "\n" * t.type.endswith("break") for t in image.children or ())
    assert words.split() == shown.split()
    (found,) = html5lib.parse(markdown.markdown(line)).iter("{http://www.w3.org/1999/xhtml}img")
    assert found.get("alt", "").split() == shown.split()


@given(text=TEXTS | WORST | st.tuples(WORST, TEXTS, WORST).map("\n".join))
def test_no_imported_text_has_a_block(text: str) -> None:
    written = to_markdown(text, ()).strip(" \n")
    assert media_block.split(written) == Section(written, ())


@given(
    display=TEXTS.filter(bool) | WORST,
    url=st.sampled_from(
        ["https://example.org/media/a.png", "http://media/a.png", "mailto:media/a.png@example.org"]
    ),
)
def test_no_imported_link_is_a_line(display: str, url: str) -> None:
    written = to_markdown(display, (Facet(0, len(display), "link", url),)).strip(" \n")
    assert media_block.split(written) == Section(written, ())


@given(
    media=st.lists(MEDIA, max_size=4).map(tuple),
    text=TEXTS | WORST,
)
def test_media_are_read_as_they_were_written(media: tuple[Media, ...], text: str) -> None:
    post = Post("1", "net", text, author=ADA, media=media)
    written = rewrite.new_thread_text(thread_draft(Thread("1", "net", (post,)))).text
    file = thread_file.read("content/threads/2024/a.md", written)
    (stored,) = stored_posts(file)
    assert stored.post.media == media
    assert stored.post.text == text
    parts = file.parts_of("1")
    assert post_text.section(parts) == file.body_of("1")
    assert post_text.line("1", parts) == file.records["1"]


LINES = {
    "![A well](../../media/a.png)": BlockLine("a.png", "A well", True),
    "  [A well](../../media/a.mp3)  ": BlockLine("a.mp3", "A well", False),
    "![](<../../media/a b.png>)": BlockLine("a b.png", "", True),
    "![](../../media/a%20b.png)": BlockLine("a b.png", "", True),
    "![](./../../media/2024/a.png)": BlockLine("2024/a.png", "", True),
    "![a [well] \\] &#10;&amp;](../../media/a.png)": BlockLine("a.png", "a [well] ] \n&", True),
    "![](../media/a.png)": BlockLine("a.png", "", True, is_near=False),
    "![](media/a.png)": BlockLine("a.png", "", True, is_near=False),
    "![](/media/a.png)": BlockLine("a.png", "", True, is_near=False),
    "![](../../../content/media/a.png)": BlockLine("a.png", "", True, is_near=False),
    "![](../../media/a(1).png)": BlockLine("a(1).png", "", True),
    "![](https://example.org/media/a.png)": None,
    "![](//example.org/media/a.png)": None,
    "![](data:media/a.png)": None,
    "![](../../media/)": None,
    "![](../../media/../secret.png)": None,
    "![](../../media/%2e%2e/secret.png)": None,
    "![](../../pictures/a.png)": None,
    '![](../../media/a.png "A title")': None,
    "![a](../../media/a.png) and ![b](../../media/b.png)": None,
    "![a](../../media/a.png)![b](../../media/b.png)": None,
    "[![a](../../media/a.png)](../../media/b.png)": None,
    "- ![a](../../media/a.png)": None,
    "    ![a](../../media/a.png)": None,
    '<img src="../../media/a.png">': None,
}


@pytest.mark.parametrize("line", LINES)
def test_a_line_is_exactly_one_image_or_link_into_media(line: str) -> None:
    assert media_block.parse(line) == LINES[line]


def test_the_block_is_the_longest_run_of_final_lines() -> None:
    a, b = "![](../../media/a.png)", "[b](../../media/b.mp4)"
    lines = (BlockLine("a.png", "", True), BlockLine("b.mp4", "b", False))
    assert media_block.split(f"Text\n\n{a}\n{b}") == Section("Text", lines)
    assert media_block.split(f"{a}\n\n\n{b}") == Section("", lines)
    assert media_block.split(f"{a}\n\nText\n\n{b}") == Section(f"{a}\n\nText", lines[1:])
    assert media_block.split(f"{a}\n{b}\n\nText") == Section(f"{a}\n{b}\n\nText", ())


@pytest.mark.parametrize(
    ("path", "levels"),
    [
        ("content/threads/2024/a.md", 2),
        ("/home/threads/content/threads/a.md", 1),
        ("content\\threads\\2024\\05\\a.md", 3),
        ("a.md", 2),
    ],
)
def test_addresses_depend_on_the_folder_of_a_file(path: str, levels: int) -> None:
    assert media_block.levels_of(path) == levels


# What happens to media when several sources and a person work on them.


def thread(*media: Media, text: str = "Look") -> Thread:
    return Thread("3ka", "bluesky", (Post("3ka", "bluesky", text, author=ADA, media=media),))


def put(folder: Path, wanted: Thread, stamp: Stamp | None = None) -> store.Changes:
    stated = SourceStatements(threads=[stamp] if stamp else ())
    changes = store.merge(ArchiveIndex(folder), [wanted], [], stated=stated)
    store.write(changes)
    return changes


def only_file(folder: Path) -> Path:
    (path,) = (folder / "threads").rglob("*.md")
    return path


def edit(folder: Path, old: str, new: str) -> None:
    path = only_file(folder)
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def section(folder: Path) -> str:
    return only_file(folder).read_text("utf-8").partition("<!-- post 3ka -->\n\n")[2]


def media(folder: Path) -> tuple[Media, ...]:
    ((found,),) = [t.posts for t in content_folder.read_archive(folder)]
    return found.media


A = Media("image", "media/a.png", "A well")
B = Media("image", "media/b.png", "A bucket")


def test_a_new_picture_freezes_neither_text_nor_alt_texts(tmp_path: Path) -> None:
    put(tmp_path, thread(A))
    edit(
        tmp_path,
        "![A well](../../media/a.png)",
        "![A well](../../media/a.png)\n![Mine](../../media/m.png)",
    )
    changes = put(tmp_path, thread(replace(A, alt="An old well"), text="Look here"))
    assert changes.conflicts == ()
    assert section(tmp_path) == (
        "Look here\n\n![An old well](../../media/a.png)\n![Mine](../../media/m.png)\n"
    )
    assert put(tmp_path, thread(replace(A, alt="An old well"), text="Look here")).updated == {}


def test_alt_text_of_a_person_stays_when_a_source_adds_a_picture(tmp_path: Path) -> None:
    put(tmp_path, thread(A))
    edit(tmp_path, "![A well]", "![The well of *Ada*]")
    assert put(tmp_path, thread(A, B)).conflicts == ()
    assert section(tmp_path) == (
        "Look\n\n![The well of \\*Ada\\*](../../media/a.png)\n![A bucket](../../media/b.png)\n"
    )
    assert media(tmp_path) == (replace(A, alt="The well of *Ada*"), B)


def test_a_picture_and_an_alt_text_that_a_person_removed_stay_away(tmp_path: Path) -> None:
    put(tmp_path, thread(A, B))
    edit(tmp_path, "![A well](../../media/a.png)\n", "")
    edit(tmp_path, "![A bucket]", "![]")
    before = only_file(tmp_path).read_bytes()
    put(tmp_path, thread(A, B))
    assert only_file(tmp_path).read_bytes() == before
    assert media(tmp_path) == (replace(B, alt=None),)


def test_an_order_that_a_person_changed_stays(tmp_path: Path) -> None:
    put(tmp_path, thread(A, B))
    a, b = section(tmp_path).partition("\n\n")[2].splitlines()
    edit(tmp_path, f"{a}\n{b}", f"{b}\n{a}")
    assert put(tmp_path, thread(A, B)).updated == {}
    assert media(tmp_path) == (B, A)


NAMED = Media("image", None, "A well", "https://cdn.example/1/well.jpg?size=big")
FILED = Media("image", "media/a.png", "A well", "https://cdn.example/2/well.jpg")
NEW, OLD = (
    Stamp("2025-01-01T00:00:00.000000Z", True, "api"),
    Stamp("2024-01-01T00:00:00.000000Z", True, "export"),
)


@pytest.mark.parametrize("stamps", [(OLD, NEW), (NEW, OLD)])
@pytest.mark.parametrize("first", [NAMED, FILED])
def test_a_file_and_its_alt_text_stay_whichever_source_comes_first(
    tmp_path: Path, first: Media, stamps: tuple[Stamp, Stamp]
) -> None:
    other = FILED if first is NAMED else NAMED
    put(tmp_path, thread(B, first), stamps[0])
    put(tmp_path, thread(B, other), stamps[1])
    assert [(m.path, m.alt) for m in media(tmp_path)] == [
        ("media/b.png", "A bucket"),
        ("media/a.png", "A well"),
    ]
    assert section(tmp_path).endswith(
        "![A bucket](../../media/b.png)\n![A well](../../media/a.png)\n"
    )


def test_a_missing_file_keeps_its_place(tmp_path: Path) -> None:
    missing = Media("video", None, "The sea", "sea.mp4")
    put(tmp_path, thread(missing, A, missing, B))
    text = only_file(tmp_path).read_text("utf-8")
    assert (
        '"media": [{"kind": "video", "alt": "The sea", "origin": "sea.mp4"}, '
        '{"kind": "video", "alt": "The sea", "origin": "sea.mp4", "after": "a.png"}]'
    ) in text
    assert media(tmp_path) == (missing, A, missing, B)
    edit(tmp_path, "![A well](../../media/a.png)\n", "")
    assert media(tmp_path) == (missing, B, missing)


def test_exact_alt_text_counts_while_the_flattened_one_is_unchanged(tmp_path: Path) -> None:
    odd = Media("image", "media/a.png", "A\x00 well\x85\ud800\nin\tspring")
    put(tmp_path, thread(odd))
    assert section(tmp_path) == "Look\n\n![A\ufffd well \ufffd&#10;in spring](../../media/a.png)\n"
    assert media(tmp_path) == (odd,)
    edit(tmp_path, "in spring]", "in autumn]")
    assert media(tmp_path) == (replace(odd, alt="A\ufffd well \ufffd\nin autumn"),)


def test_a_first_version_gets_a_block_and_keeps_what_a_person_wrote(tmp_path: Path) -> None:
    put(tmp_path, thread(A, B))
    downgrade(tmp_path)
    edit(tmp_path, '"alt": "A well"', '"alt": "My well"')
    convert(tmp_path)
    put(tmp_path, thread(A, B, text="Look again"))
    assert section(tmp_path) == (
        "Look again\n\n![My well](../../media/a.png)\n![A bucket](../../media/b.png)\n"
    )


def test_a_file_that_a_person_moved_deeper_gets_addresses_that_lead_there(tmp_path: Path) -> None:
    put(tmp_path, thread(A))
    path = only_file(tmp_path)
    deeper = path.parent / "of the wells" / path.name
    deeper.parent.mkdir()
    path.rename(deeper)
    put(tmp_path, thread(A, B))
    assert section(tmp_path) == (
        "Look\n\n![A well](../../../media/a.png)\n![A bucket](../../../media/b.png)\n"
    )
    assert media(tmp_path) == (A, B)


@pytest.mark.parametrize(
    "piece", ["[", "![", "[a](", "![a](<", "[[x]", "![x](media/", "\\[", "[x](", "[]( "]
)
def test_a_hostile_text_is_read_in_linear_time(piece: str) -> None:
    text = piece * 20_000 + " media/a.png)"
    assert media_block.split(text) == Section(text, ())
    assert {*media_block.named_files(text)} >= {"media/a.png"}


def test_many_spaces_in_an_address_are_read_in_linear_time() -> None:
    text = "![a](" + " " * 300_000 + "media/a.png"
    assert {*media_block.named_files(text)} == {"media/a.png"}
    assert [*media_block.inline_images(text)] == []
    assert [*media_block.inline_images(f"{text})")] == ["media/a.png"]
