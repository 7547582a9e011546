"""Pages of invented people: whole imports as goldens, laws over made pages, bad input."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.errors import SourceError
from sitegen.model import Post
from sitegen.sources import HEAD_BYTES, Imported, Options, Source
from sitegen.sources.page_text.importer import PageText
from sitegen.text.charset_repair import charset_names, damage

from . import expected
from .page_generator import Page, page

CASES = Path(__file__).parent / "page_text"
NAMES = sorted(folder.name for folder in CASES.iterdir() if (folder / "input.txt").exists())
ACCOUNT = "mara.example.net"
PLAIN = "Rain, at last.\n03.04.2024 10:00 — 👍 1 🔁 0 💬 0 📌 0\n"
LOSSLESS = (
    "cp1252",
    "latin-1",
    "mac-roman",
    "cp437",
    "koi8-r",
    "cp866",
    "iso-8859-5",
    "iso-8859-7",
)


def read(path: Path, account: str | None = ACCOUNT) -> Imported:
    """Import a file as the command does."""
    source = Source(path, path.read_bytes()[:HEAD_BYTES])
    return PageText().read(source, Options(account))


def read_text(folder: Path, text: str | bytes, account: str | None = ACCOUNT) -> Imported:
    """Import a text."""
    path = folder / "page.txt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read(path, account)


def posts(imported: Imported) -> list[Post]:
    """Return every post."""
    return [post for thread in imported.threads for post in thread.posts]


@pytest.mark.parametrize("name", NAMES)
def test_a_page_imports_as_its_golden_says(name: str, refresh: bool) -> None:
    expected.holds(read(CASES / name / "input.txt"), CASES / name / "expected.json", refresh)


@pytest.mark.parametrize("charset", LOSSLESS)
@pytest.mark.parametrize("name", ["wells", "scripts"])
def test_damage_without_loss_changes_nothing(name: str, charset: str, tmp_path: Path) -> None:
    whole = read(CASES / name / "input.txt")
    damaged = damage((CASES / name / "input.txt").read_text("utf-8"), charset)
    again = read_text(tmp_path, damaged)
    assert (again.threads, again.profiles) == (whole.threads, whole.profiles)
    assert any(charset in note for note in again.notes)


@pytest.mark.parametrize("charset", charset_names())
def test_any_damage_keeps_posts_ids_and_threads(charset: str, tmp_path: Path) -> None:
    whole = read(CASES / "wells" / "input.txt")
    damaged = damage((CASES / "wells" / "input.txt").read_text("utf-8"), charset)
    again = read_text(tmp_path, damaged)
    assert shape(again) == shape(whole)
    assert again.exclusions == whole.exclusions


def shape(imported: Imported) -> list[list[tuple[object, ...]]]:
    """Return what no damage may change."""
    return [
        [(post.id, post.created_at, post.counts, post.reply_to, post.cut_links) for post in t.posts]
        for t in imported.threads
    ]


def test_a_longer_dump_and_new_counts_keep_the_ids(tmp_path: Path) -> None:
    text = (CASES / "wells" / "input.txt").read_text("utf-8")
    newer = "New post!\n01.06.2024 08:00 — 👍 0 🔁 0 💬 0 📌 0\n"
    counted = text.replace("👍 21", "👍 2100").replace("💬 2 ", "💬 19 ")
    older = "Older.\n01.01.2024 08:00 — 👍 0 🔁 0 💬 0 📌 0\nHydrologist"
    again = read_text(tmp_path, newer + counted.replace("Hydrologist", older))
    known = {post.id for post in posts(read_text(tmp_path, text))}
    assert len(posts(again)) == len(known) + 2
    assert known < {post.id for post in posts(again)}


def test_two_posts_alike_in_one_minute_have_two_ids(tmp_path: Path) -> None:
    line = "03.04.2024 10:00 — 👍 {} 🔁 0 💬 0 📌 0\n"
    imported = read_text(tmp_path, f"Twice\n{line.format(1)}Twice\n{line.format(2)}")
    assert len({post.id for post in posts(imported)}) == 2
    assert imported.exclusions == ()


@pytest.mark.parametrize("pages", [80, pytest.param(300, marks=pytest.mark.slow)])
def test_all_posts_and_nearly_all_threads_of_made_pages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], pages: int
) -> None:
    """Measure over fixed seeds; the figures are printed with `pytest -s`."""
    total: Counter[str] = Counter()
    whole: Counter[str] = Counter()
    for seed in range(pages):
        made = page(seed)
        imported = read_text(tmp_path, made.text, made.account)
        check_records(made, imported)
        found = {tuple(key(post) for post in t.posts) for t in imported.threads}
        for thread in made.threads().values():
            keys = tuple(dict.fromkeys(entry.key for entry in thread))
            style = thread[0].style if len(keys) > 1 or thread[0].foreign else "single"
            total[style] += 1
            whole[style] += keys in found
    threads = [style for style in total if style not in ("single", "repost")]
    share = sum(whole[s] for s in threads) / sum(total[s] for s in threads)
    with capsys.disabled():
        report(total, whole, share)
    assert share >= 0.97
    assert whole["single"] / total["single"] >= 0.95
    assert whole["repost"] == total["repost"]


def key(post: Post) -> tuple[str | None, str]:
    """Return what identifies a post of a made page."""
    return post.created_at, post.text.rpartition("\n")[2]


def check_records(made: Page, imported: Imported) -> None:
    """Check that every listed post is there, once, with its counts."""
    found = {key(post): post for post in posts(imported)}
    assert set(found) == {entry.key for entry in made.entries}
    assert imported.records == len(made.entries) == len(posts(imported)) + len(imported.exclusions)
    for entry in made.entries:
        counts = found[entry.key].counts
        assert (counts.likes, counts.reposts, counts.replies) == (
            entry.likes,
            entry.reposts,
            entry.replies,
        )


def report(total: Counter[str], whole: Counter[str], share: float) -> None:
    """Print the figures."""
    rows = (f"{style} {whole[style]}/{total[style]}" for style in sorted(total))
    print(f"\nthreads whole: {share:.2%} ({'; '.join(rows)})")  # noqa: T201


@pytest.mark.parametrize(
    ("data", "what", "line"),
    [
        (b"", "is empty", None),
        (b" \n\n", "is empty", None),
        (b"just\nsome\nlines\n", "has no statistics line", None),
        (b"ab\ncd\0ef\n", "is not text", 2),
        (PLAIN.encode() + b"caf\xe9 na\xefve \xff\xfe\n", "is not UTF-8: byte 0xE9", 3),
    ],
)
def test_what_is_no_page_says_why(tmp_path: Path, data: bytes, what: str, line: int | None) -> None:
    with pytest.raises(SourceError) as caught:
        read_text(tmp_path, data)
    assert what in caught.value.message
    assert caught.value.line == line
    assert caught.value.hint
    assert str(tmp_path / "page.txt") in str(caught.value)


@pytest.mark.parametrize(
    ("data", "note"),
    [
        (b"\xef\xbb\xbf" + PLAIN.encode(), "byte order mark"),
        (b"\xff\xfe" + PLAIN.encode("utf-16-le"), "UTF-16"),
        (b"\xfe\xff" + PLAIN.encode("utf-16-be"), "UTF-16"),
        (PLAIN.replace("👍", "?").encode("cp1252", "replace"), "cp1252"),
        (damage(PLAIN, "iso-8859-7 without C1").encode("iso-8859-7"), "latin-1"),
    ],
)
def test_other_encodings_are_read_and_noted(tmp_path: Path, data: bytes, note: str) -> None:
    imported = read_text(tmp_path, data)
    assert [post.text for post in posts(imported)] == ["Rain, at last."]
    assert any(note in said for said in imported.notes)
    assert PageText().detect(Source(tmp_path / "page.txt", data)) is not None


@pytest.mark.parametrize(
    "statistics",
    [
        "03.04.2024 10:00 — 👍 1 🔁 0 💬 0 📌 0",
        "  03.04.2024  10:00 —  👍1  🔁 0 💬 0 📌 0   ",
        "3.4.2024 10:00 — 👍 1 🔁 0 💬 0 📌 0",
        "03.04.2024\u00a010:00\u00a0— 👍\u00a01 🔁 0 💬 0 📌 0",
        "03.04.2024 10:00 - ? 1 ? 0 ? 0 ? 0",
        "03.04.2024 10:00 — 👍 1 🔁 0 💬 0 📌 0\r",
    ],
)
def test_statistics_lines_with_other_spacing(tmp_path: Path, statistics: str) -> None:
    (post,) = posts(read_text(tmp_path, f"Rain.\n{statistics}"))
    assert (post.text, post.created_at, post.counts.likes) == ("Rain.", "2024-04-03T10:00", 1)


@pytest.mark.parametrize(
    "line",
    [
        "03.04.2024 10:00 tram 1 bus 2 train 3 boat 4",
        "03.04.2024 10:00 — 👍 1",
        "We had 👍 12 🔁 3 💬 4 📌 1 in a week",
        "3 cats 👍 1 🔁 2",
        "Read 1/2 please 👍 1 and 🔁 2",
        "1.2.3 is out 👍 🔁",
        "At 10:00 👍 and 🔁",
        "On 3 Sep 👍 and 🔁",
        "Since 2024 it has 👍 1 🔁 2",
    ],
)
def test_what_only_looks_like_a_statistics_line_is_text(tmp_path: Path, line: str) -> None:
    (post,) = posts(read_text(tmp_path, f"Departures\n{line}\nand so on\n{PLAIN}"))
    assert post.text == f"Departures\n{line}\nand so on\nRain, at last."


@pytest.mark.parametrize(
    ("head", "ours"),
    [
        (PLAIN.encode(), True),
        (PLAIN.replace("\n", "\r\n").encode(), True),
        (b"x" * 300 + b"\n" + PLAIN.encode() + "é".encode()[:1], True),
        (b"", False),
        (b"\0\1\2", False),
        (b'{"text": "03.04.2024 10:00 \xe2\x80\x94 1 2 3 4"}\n', False),
        (json.dumps({"id": "1", "text": PLAIN}).encode(), False),
        (b"An ordinary letter of 03.04.2024.\n", False),
    ],
)
def test_only_pages_with_a_statistics_line_are_claimed(head: bytes, ours: bool) -> None:
    assert (PageText().detect(Source(Path("page.txt"), head)) is not None) == ours


def test_a_page_that_breaks_off_in_a_character(tmp_path: Path) -> None:
    imported = read_text(tmp_path, PLAIN.encode() + "Gärtner 🌱".encode()[:-2])
    assert [bio.bio for bio in imported.profiles[1:]] == ["Gärtner"]
    assert [(d.line, "breaks off" in d.what) for d in imported.doubts] == [(3, True)]


@pytest.mark.parametrize(
    "cut", ["28.04.2024 20:11 — 👍 2 🔁", "28.04.2024 20:11", "28.04.2024 20:1"]
)
def test_a_page_that_breaks_off_in_a_statistics_line(tmp_path: Path, cut: str) -> None:
    imported = read_text(tmp_path, f"{PLAIN}One more\nstory\n{cut}")
    assert imported.records == 2 == len(posts(imported)) + len(imported.exclusions)
    assert any(doubt.line == 5 and "breaks off" in doubt.what for doubt in imported.doubts)
    assert len(imported.profiles) == 1


def test_blank_lines_stay_inside_a_post(tmp_path: Path) -> None:
    text = f"\n\nOne\n\n\nTwo  \n\n{PLAIN.partition(chr(10))[2]}"
    (post,) = posts(read_text(tmp_path, text))
    assert post.text == "One\n\n\nTwo  "


@pytest.mark.parametrize(
    ("text", "links", "cut", "mentions", "tags"),
    [
        ("see example.org/a/b", ["https://example.org/a/b"], [], [], []),
        ("(www.example.org/x).", ["https://www.example.org/x"], [], [], []),
        ("https://example.org/a_(b)", ["https://example.org/a_(b)"], [], [], []),
        ("www.example.org/economic-ind...", [], ["www.example.org/economic-ind..."], [], []),
        ("(example.org/economic-ind...)", [], ["example.org/economic-ind..."], [], []),
        ("https://example.org/economic-ind…", [], ["https://example.org/economic-ind…"], [], []),
        ("common on Example.ai… and signal: ab.3030", [], [], [], []),
        ("and/or, 4/15, v1.2/3, his/her, Node.js/React", [], [], [], []),
        ("@UMich @a.example.com's mail a@b.example", [], [], ["a.example.com"], []),
        ("the #1 of #Maps, #猫 #2024 x#no", [], [], [], ["Maps", "猫"]),
        ("see example.org/a/b).... and so", [], ["example.org/a/b)..."], [], []),
        ("javascript://example.org/x //example.org/y", [], [], [], []),
    ],
)
def test_links_mentions_and_tags(
    tmp_path: Path,
    text: str,
    links: list[str],
    cut: list[str],
    mentions: list[str],
    tags: list[str],
) -> None:
    (post,) = posts(read_text(tmp_path, f"{text}\n{PLAIN.partition(chr(10))[2]}"))
    assert (list(post.links), list(post.cut_links)) == (links, cut)
    assert (list(post.mentions), list(post.tags)) == (mentions, tags)
    for facet in post.facets:
        shown = post.text[facet.start : facet.end]
        assert facet.value.endswith(shown.lstrip("@#").removeprefix("https://"))


Numbers = tuple[int | None, int | None, int | None, int | None]
ODD: list[tuple[str, str | None, Numbers]] = [
    ("03.04.2024 10:00 — 👍 1,234 🔁 0 💬 0 📌 0", "2024-04-03T10:00", (1234, 0, 0, 0)),
    ("03.04.2024 10:00 — 👍 1.234 🔁 1.234.567 💬 12’345 📌 0", "2024-04-03T10:00", (1234, 1234567, 12345, 0)),
    ("03.04.2024 10:00 — 👍 1 234 🔁 1\u202f234 💬 1\u00a0234 📌 0", "2024-04-03T10:00", (1234, 1234, 1234, 0)),
    ("03.04.2024 10:00 — 👍 1\u2009234 🔁 3 💬 1", "2024-04-03T10:00", (1234, 3, 1, None)),
    ("03.04.2024 10:00 — 👍 1,23,456 🔁 0 💬 0 📌 0", "2024-04-03T10:00", (123456, 0, 0, 0)),
    ("03.04.2024 10:00 — 👍 1.2K 🔁 3M 💬 1,5k 📌 12 K", "2024-04-03T10:00", (1200, 3_000_000, 1500, 12_000)),
    ("03.04.2024 10:00 — 👍 3,2 Tsd. 🔁 1 Mio. 💬 2万 📌 0", "2024-04-03T10:00", (3200, 1_000_000, 20_000, 0)),
    ("03.04.2024 10:00 — 👍 1.23 🔁 1.234K 💬 12,34 📌 0,5", "2024-04-03T10:00", (None, None, None, None)),
    ("03.04.2024 10:00 — 👍 many 🔁 0 💬 -3 📌 7", "2024-04-03T10:00", (None, 0, None, 7)),
    ("٠٣.٠٤.٢٠٢٤ ١٠:٠٠ — 👍 ١٢ 🔁 ٣ 💬 ١٬٢٣٤ 📌 ٠", "2024-04-03T10:00", (12, 3, 1234, 0)),
    ("０３.０４.２０２４ １０:００ — 👍 １２ 🔁 ３ 💬 １ 📌 ０", "2024-04-03T10:00", (12, 3, 1, 0)),
    ("• 03.04.2024 10:00 — 👍 1 🔁 0 💬 0 📌 0", "2024-04-03T10:00", (1, 0, 0, 0)),
    ("- 03.04.2024 10:00 — 👍 1 🔁 0 💬 0 📌 0", "2024-04-03T10:00", (1, 0, 0, 0)),
    ("1. 03.04.2024 10:00 — 👍 1 🔁 0 💬 0 📌 0", "2024-04-03T10:00", (1, 0, 0, 0)),
    ("\u200e03.04.2024 10:00 — 👍 1 🔁 0 💬 0 📌 0\u200f", "2024-04-03T10:00", (1, 0, 0, 0)),
    ("\ufeff\u00a0\u200d03.04.\u200b2024 10:00 — 👍\ufe0f 1 🔁 0 💬\u20690 📌 0", "2024-04-03T10:00", (1, 0, 0, 0)),
    ("03.04.2024 10:00 — 👍🏽 1 🔁 0 💬 0 📌 0", "2024-04-03T10:00", (1, 0, 0, 0)),
    ("03.04.2024 10:00 — 👍 1 🔁 0 💬 0", "2024-04-03T10:00", (1, 0, 0, None)),
    ("03.04.2024 10:00 — 🔁 5 📌 1", "2024-04-03T10:00", (None, 5, None, 1)),
    ("03.04.2024 10:00 — 👍 🔁 2 💬 📌 0", "2024-04-03T10:00", (None, 2, None, 0)),
    ("03.04.2024 10:00 — 📌 4 💬 3 🔁 2 👍 1", "2024-04-03T10:00", (1, 2, 3, 4)),
    ("03.04.2024 10:00 — 👍 1 👍 2 🔁 0 💬 0 📌 0", "2024-04-03T10:00", (None, 0, 0, 0)),
    ("03.04.2024 10:00 — 1 👍 2 🔁 3 💬 4 📌", "2024-04-03T10:00", (None, None, None, None)),
    ("03.04.2024, 10:00 Uhr · 👍 1 · 🔁 0 · 💬 0 · 📌 0", "2024-04-03T10:00", (1, 0, 0, 0)),
    ("👍 1 🔁 0 💬 0 📌 0 — 03.04.2024 10:00", "2024-04-03T10:00", (1, 0, 0, 0)),
    ("03.04.2024 10:00 — ❤️ 12 🔁 3 💬 1 📌 0", "2024-04-03T10:00", (None, 3, 1, 0)),
    ("03.04.2024 10:00 — 👍 99+ 🔁 ~3 💬 1 📌 0", "2024-04-03T10:00", (None, None, 1, 0)),
    ("3 Apr 2024 10:00 — 👍 1 🔁 0 💬 0 📌 0", "2024-04-03T10:00", (1, 0, 0, 0)),
    ("April 3, 2024 at 10:00 AM — 👍 1 🔁 0 💬 0 📌 0", "2024-04-03T10:00", (1, 0, 0, 0)),
    ("2024/04/03 10:00 — 👍 1 🔁 0 💬 0 📌 0", "2024-04-03T10:00", (1, 0, 0, 0)),
    ("03.04.2024 — 👍 1 🔁 0 💬 0 📌 0", "2024-04-03", (1, 0, 0, 0)),
    ("32.04.2024 10:00 — 👍 1 🔁 0 💬 0 📌 0", None, (1, 0, 0, 0)),
    ("03.04.2024 25:00 — 👍 1 🔁 0 💬 0 📌 0", None, (1, 0, 0, 0)),
    ("04/03/2024 10:00 — 👍 1 🔁 0 💬 0 📌 0", None, (1, 0, 0, 0)),
    ("03.04.24 10:00 — 👍 1 🔁 0 💬 0", None, (1, 0, 0, None)),
    ("4/3 10:00 — 🔁 5 👍 1", None, (1, 5, None, None)),
    ("3 Apr 10:00 — 👍 1 🔁 0", None, (1, 0, None, None)),
    ("3 نيسان 2024 10:00 — 👍 1 🔁 0", None, (1, 0, None, None)),
    ("2024年4月3日 10:00 — 👍 1 🔁 0 💬 0 📌 0", "2024-04-03T10:00", (1, 0, 0, 0)),
    (" — 👍 1 🔁 0 💬 0 📌 0", None, (1, 0, 0, 0)),
    ("3 Apr '24 👍 1 🔁 0", None, (1, 0, None, None)),
    ("Apr 3 ’24 — 👍 1 💬 0", None, (1, None, 0, None)),
    ("3 kwi '24 👍 1 🔁 0", None, (1, 0, None, None)),
    ("3. April 👍 1 🔁 0", None, (1, 0, None, None)),
    ("3Apr2024 👍 1 🔁 0", None, (1, 0, None, None)),
    ("3.IV.2024 👍 1 🔁 0", None, (1, 0, None, None)),
    ("Apr 2024 👍 1 🔁 0", None, (1, 0, None, None)),
    ("4/3 👍 1 🔁 0", None, (1, 0, None, None)),
    ("10:00 👍 1 🔁 0", None, (1, 0, None, None)),
    ("20240403 👍 1 🔁 0", None, (1, 0, None, None)),
    ("12024-04-03 10:00 — 👍 1 🔁 0", None, (1, 0, None, None)),
    ("03.04.202410:00👍1🔁0", None, (1, 0, None, None)),
    ("👍 1 🔁 0 03.04.2024 10:00", "2024-04-03T10:00", (1, 0, None, None)),
    ("👍 1 🔁 0 — 3 Apr '24", None, (1, 0, None, None)),
    ("👍 1 🔁 22024-04-03 10:00", None, (1, None, None, None)),
    ("👍 12024-04-03 🔁 2", None, (None, 2, None, None)),
    ("1👍 2🔁03.04.2024 10:00", "2024-04-03T10:00", (None, None, None, None)),
    ("3 Apr '24 👍 🔁", None, (None, None, None, None)),
]  # fmt: skip


@pytest.mark.parametrize(("line", "created_at", "counts"), ODD)
def test_a_statistics_line_ends_its_post_however_it_is_written(
    tmp_path: Path, line: str, created_at: str | None, counts: Numbers
) -> None:
    imported = read_text(tmp_path, f"Rain.\n{line}\nSnow, later.\n{PLAIN}")
    assert sorted(p.text for p in posts(imported)) == ["Rain.", "Snow, later.\nRain, at last."]
    (post,) = (p for p in posts(imported) if p.text == "Rain.")
    assert post.created_at == created_at
    found = post.counts
    assert (found.likes, found.reposts, found.replies, found.quotes) == counts
    unknown = counts.count(None) + (created_at is None)
    assert sum(doubt.line == 2 for doubt in imported.doubts) == unknown
    is_ours = PageText().detect(Source(Path("page.txt"), f"Rain.\n{line}\n".encode())) is not None
    assert is_ours == (counts.count(None) <= 2)


@pytest.mark.parametrize(
    ("line", "text", "next_text"),
    [
        ("Rain. 03.04.2024 10:00 — 👍 1 🔁 0 💬 0 📌 0", "Oh!\nRain.", "Snow."),
        ("yesterday 10:00 · 👍 1 🔁 0", "Oh!", "Snow."),
        ("Rain03.04.2024 10:00 — 👍 1 🔁 0", "Oh!\nRain", "Snow."),
        ("Rain 3 Apr '24 👍 1 🔁 0 and", "Oh!\nRain", "and\nSnow."),
        ("Rain12024-04-03 👍 1 💬 0", "Oh!\nRain", "Snow."),
        ("03.04.2024 10:00 — 👍 1 🔁 0 💬 0 📌 0 And then", "Oh!", "And then\nSnow."),
        ("03.04.2024 10:00 (edited) — 👍 1 🔁 0 💬 0 📌 0", "Oh!", "Snow."),
        ("Ha 👍 03.04.2024 10:00 — 👍 1 🔁 0 💬 0 📌 0", "Oh!\nHa 👍", "Snow."),
        ("03.04.2024 10:00 — 👍 1 likes 🔁 0 reposts 💬 0 replies 📌 0 quotes", "Oh!", "Snow."),
        ("03.04.2024 10:00 likes 👍 1 reposts 🔁 2 replies 💬 3 quotes 📌 4", "Oh!", "Snow."),
        ("03.04.2024: a 👍 to all, 🔁 it", "Oh!\n03.04.2024: a 👍 to all, 🔁 it", "Snow."),
    ],
)
def test_words_on_a_statistics_line_are_kept(
    tmp_path: Path, line: str, text: str, next_text: str
) -> None:
    imported = read_text(tmp_path, f"Oh!\n{line}\nSnow.\n02.04.2024 10:00 — 👍 1 🔁 0 💬 0 📌 0")
    assert [p.text for p in posts(imported)] == [next_text, text]
    assert any(doubt.line == 2 for doubt in imported.doubts)


def test_posts_that_lost_their_line_ends_are_told_apart(tmp_path: Path) -> None:
    text = (
        "Rain. 03.04.2024 10:00 — 👍 1 🔁 0 💬 0 📌 0 Of 01.01.2024: fog. "
        "02.04.2024 10:00 — 👍 2 🔁 0 💬 0 📌 0 Sun. 01.04.2024 10:00 — 👍 3 🔁 0 💬 0 📌 0"
    )
    imported = read_text(tmp_path, text)
    assert [(p.text, p.counts.likes) for p in posts(imported)] == [
        ("Sun.", 3), ("Of 01.01.2024: fog.", 2), ("Rain.", 1),
    ]  # fmt: skip


def test_counts_that_the_page_had_rounded_are_noted(tmp_path: Path) -> None:
    imported = read_text(tmp_path, "Rain.\n03.04.2024 10:00 — 👍 1.2K 🔁 3M 💬 0 📌 0\n")
    assert "2 counts are rounded, as on the page (1.2K)." in imported.notes


def _grouped(mark: str) -> st.SearchStrategy[str]:
    return st.integers(1_000, 9_999_999).map(lambda n: f"{n:,}".replace(",", mark))


COUNT = st.one_of(
    st.integers(0, 999_999).map(str), *map(_grouped, (",", ".", "’", "\u202f", "\u00a0", " ")),
    st.sampled_from(["1.2K", "3M", "", "?", "١٢", "1.23", "99999999999999999999"]),
)  # fmt: skip
SHOWN = st.lists(st.sampled_from("👍🔁💬📌"), min_size=2, max_size=4, unique=True)
MARKS = st.text(st.sampled_from("•-*\u200e\u200f\ufeff\u200d\u2066\u00a0\u202f "), max_size=4)
TEXT = st.text("abc é.", min_size=1, max_size=20).filter(lambda text: text.strip() == text)


@given(
    listed=st.lists(
        st.tuples(TEXT, st.integers(0, 9_999), MARKS, SHOWN, st.lists(COUNT, min_size=4, max_size=4)),
        min_size=1, max_size=8,
    )
)  # fmt: skip
def test_there_are_as_many_posts_as_lines_with_a_date_and_two_signs(
    tmp_path_factory: pytest.TempPathFactory,
    listed: list[tuple[str, int, str, list[str], list[str]]],
) -> None:
    """However the lines are written, the texts are those of the page as it is usually written."""
    odd, usual = [], []
    for at, (text, minute, mark, signs, counts) in enumerate(listed):
        date = f"{28 - at:02}.04.2024 {minute % 24:02}:{minute % 60:02} —"
        shown = "    ".join(f"{s} {c}" for s, c in zip(signs, counts, strict=False))
        odd.append(f"{text}\n{mark}{date} {shown}")
        usual.append(f"{text}\n{date} 👍 0 🔁 0 💬 0 📌 0")
    folder = tmp_path_factory.getbasetemp()
    found = read_text(folder, "\n".join(odd) + "\nWriter, walker.\n")
    plain = read_text(folder, "\n".join(usual) + "\nWriter, walker.\n")
    assert found.records == len(listed)
    assert sorted(map(_said, posts(found))) == sorted(map(_said, posts(plain)))
    assert [p.bio for p in found.profiles] == [p.bio for p in plain.profiles]


def _said(post: Post) -> tuple[str, str]:
    return post.created_at or "", post.text


@pytest.mark.parametrize(
    "charset", ["iso-8859-7 without C1", "cp1252 without undefined", "latin-1"]
)
def test_odd_lines_end_posts_on_damaged_pages_too(tmp_path: Path, charset: str) -> None:
    if charset not in charset_names():
        pytest.skip("no such damage")
    odd = "\n".join(f"Line {at}\n{line}" for at, (line, _, _) in enumerate(ODD[:2]))
    missing = "Last\n03.04.2024 10:00 — 👍 1 🔁 0 💬 0"
    text = (CASES / "wells" / "input.txt").read_text("utf-8")
    whole = read_text(tmp_path, f"{odd}\n{missing}\n{text}")
    again = read_text(tmp_path, damage(f"{odd}\n{missing}\n{text}", charset))
    assert again.records == whole.records == read_text(tmp_path, text).records + 3


FIRST_PAGE = (
    "Three herons on the weir.\n09.06.2024 08:00 — 👍 4 🔁 0 💬 0 📌 0\n"
    "The lock is open.\n08.06.2024 08:00 — 👍 4 🔁 0 💬 0 📌 0\n"
    "Low water.\n07.06.2024 08:00 — 👍 4 🔁 0 💬 0 📌 0\n"
    "Painter of gates. Oil, rust.\nTeacher at the night school\nshe/her\n"
)


def test_a_second_page_with_newer_dates_is_cut_off_the_descriptions(tmp_path: Path) -> None:
    second = (
        "The ferry is back.\n12.06.2024 08:00 — 👍 1 🔁 0 💬 0 📌 0\n"
        "Three herons on the weir.\n09.06.2024 08:00 — 👍 5 🔁 1 💬 0 📌 0\nOne more baker\n"
    )
    imported = read_text(tmp_path, FIRST_PAGE + second)
    assert [p.text for p in posts(imported)] == [
        "Low water.", "The lock is open.", "Three herons on the weir.", "The ferry is back.",
    ]  # fmt: skip
    assert [(e.record, e.reason) for e in imported.exclusions] == [("line 13", "same post twice")]
    bios = "\n".join(p.bio for p in imported.profiles[1:])
    assert bios.split("\n") == [
        "Painter of gates. Oil, rust.", "Teacher at the night school", "she/her", "One more baker",
    ]  # fmt: skip
    (post,) = (p for p in posts(imported) if p.uncertain)
    assert (post.text, post.author.handle) == ("The ferry is back.", ACCOUNT)
    assert any("2 pages" in note for note in imported.notes)


def test_a_second_page_with_older_dates_is_said_to_be_uncertain(tmp_path: Path) -> None:
    second = "The ferry is back.\n02.06.2024 08:00 — 👍 1 🔁 0 💬 0 📌 0\nQuiet.\n01.06.2024 08:00 — 👍 1 🔁 0 💬 0 📌 0\n"
    imported = read_text(tmp_path, FIRST_PAGE + second)
    (post,) = (p for p in posts(imported) if p.uncertain)
    assert "The ferry is back." in "\n".join(all_lines(post))
    assert "second page" in post.uncertain[0]


def test_a_repost_or_two_above_a_long_post_begin_no_second_page(tmp_path: Path) -> None:
    listed = [
        ("Old one.", "01.02.2023"), ("Older.", "05.01.2023"), ("Oldest.", "05.01.2020"),
        ("Water is rising.\nWe close the gates.", "09.06.2024"), ("Still.\nCalm.", "08.06.2024"),
    ]  # fmt: skip
    text = "".join(f"{t}\n{day} 08:00 — 👍 4 🔁 0 💬 0 📌 0\n" for t, day in listed)
    imported = read_text(tmp_path, text)
    assert "Water is rising.\nWe close the gates." in [p.text for p in posts(imported)]
    assert len(imported.profiles) == 1


LINES = st.one_of(
    st.text(st.characters(exclude_characters="\r\n\0", exclude_categories=["Cs"]), max_size=40),
    st.sampled_from(
        ["1/", "2/3", "Photo of a hill", "@mara.example.net", "x" * 280, "", " ", "🧵"]
    ),
)
LISTED = st.lists(
    st.tuples(st.lists(LINES, max_size=5), st.integers(1, 28), st.integers(0, 2)), max_size=6
)


@given(listed=LISTED, tail=st.lists(LINES, max_size=4))
def test_no_line_and_no_record_is_lost(
    tmp_path_factory: pytest.TempPathFactory,
    listed: list[tuple[list[str], int, int]],
    tail: list[str],
) -> None:
    blocks = [
        "\n".join([*lines, f"{day:02}.04.2024 10:00 — 👍 {n} 🔁 0 💬 {n} 📌 0"])
        for lines, day, n in listed
    ]
    text = "\n".join([*blocks, PLAIN.strip(), *tail])
    imported = read_text(tmp_path_factory.getbasetemp(), text)
    assert imported.records == len(listed) + 1 == len(posts(imported)) + len(imported.exclusions)
    assert len({post.id for post in posts(imported)}) == len(posts(imported))
    shown = [line for post in posts(imported) for line in all_lines(post)]
    twice = len(imported.exclusions)
    wanted = [line for lines, _, _ in listed for line in lines if line.strip()]
    assert set(shown) == {*wanted, "Rain, at last."}
    assert twice or Counter(shown) == Counter([*wanted, "Rain, at last."])
    bios = "\n".join(profile.bio for profile in imported.profiles).split("\n")
    assert [b.strip() for b in bios if b.strip()] == [t.strip() for t in tail if t.strip()]


def all_lines(post: Post) -> list[str]:
    """Return every line that a post kept, wherever."""
    card = [post.card.title, post.card.description] if post.card else []
    kept = [post.text, *(media.alt or "" for media in post.media), *card]
    return [line for part in kept for line in part.split("\n") if line.strip()]


@pytest.mark.parametrize(
    "line",
    [
        "a" * 300_000,
        "a." * 100_000,
        "https://example.org/" + "!" * 200_000 + "a",
        "www.example.org/" + "." * 200_000 + "a",
        "@" * 200_000,
        "@a." * 60_000,
        "#" * 200_000,
        "👇" * 100_000 + "x",
        "👍 🔁 " * 3_000,
        "1.2.2024 👍" * 1_800,
        "1.2.24 👍 " * 1_800,
        "1/" * 100_000,
        "(" * 200_000,
        " " * 200_000 + "x",
        "03.04.2024 10:00 — " + "é" * 200_000,
        "03.04.2024 10:00 " + "— 1 " * 50_000,
        "e\u0301" * 100_000,
    ],
)
@pytest.mark.parametrize("part", [5, pytest.param(1, marks=pytest.mark.slow)])
def test_hostile_lines_take_no_time(tmp_path: Path, line: str, part: int) -> None:
    line = line[: len(line) // part]
    imported = read_text(tmp_path, f"{line}\n{PLAIN}{line}\n{line}")
    assert imported.records == 1


@pytest.mark.slow
def test_a_big_page_is_read_in_seconds(tmp_path: Path) -> None:
    """Guard against reading times that grow with the square of the page: 3 MB, damaged."""
    made = "".join(page(seed).text.partition("Gardener")[0] + "\n" for seed in range(40))
    big = damage(made * 60, "iso-8859-7 without C1")
    imported = read_text(tmp_path, big)
    assert imported.records > 50_000
