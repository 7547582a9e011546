"""What commands print of an import, line by line."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.cli import import_reports, reports
from sitegen.cli.import_reports import LocatedDoubt
from sitegen.content.changeset.vanished import Fate, VanishedPost
from sitegen.content.store import Changes
from sitegen.ingest.pipeline import Import

PARENT = "It answers a post that the export does not name."
OTHER = "It speaks of @{} as of another person, so someone else may have written it."
LOST = "a character is lost: {!r} can have been any of {}"


def changes(*vanished: VanishedPost) -> Changes:
    return Changes({}, {}, (), 3, (), {}, (), {}, vanished)


def gone(name: str, fate: Fate) -> VanishedPost:
    return VanishedPost("x", name, Path(f"content/threads/{name}.md"), fate)


def test_doubts_are_grouped_by_reason_with_three_examples() -> None:
    doubts = [
        LocatedDoubt("page.txt:4", "the file breaks off inside a character, which is left out")
    ]
    doubts += [LocatedDoubt(f"content/threads/{n}.md:7", PARENT) for n in range(1_200)]
    doubts += [LocatedDoubt(f"page.txt:{n}", OTHER.format(f"mira.{n}.example")) for n in range(4)]
    doubts += [LocatedDoubt(f"page.txt:{n}", LOST.format("\xc3", "àß")) for n in (8, 9)]
    assert [*import_reports.doubt_lines(doubts, import_reports.MAX_SHOWN)] == [
        f"  1,200 times: {PARENT}",
        "    content/threads/0.md:7",
        "    content/threads/1.md:7",
        "    content/threads/2.md:7",
        "    … and 1,197 more (-v or --json shows them all)",
        "  4 times: It speaks of … as of another person, so someone else may have written it.",
        *(f"    page.txt:{n}: {OTHER.format(f'mira.{n}.example')}" for n in range(3)),
        "    … and 1 more (-v or --json shows them all)",
        "  2 times: a character is lost: 'Ã' can have been any of àß",
        "    page.txt:8",
        "    page.txt:9",
        "  page.txt:4: the file breaks off inside a character, which is left out",
    ]


def test_verbose_shows_every_doubt() -> None:
    doubts = [LocatedDoubt(f"page.txt:{n}", OTHER.format(f"mira{n}")) for n in range(50)]
    lines = [*import_reports.doubt_lines(doubts, None)]
    assert lines[0].startswith("  50 times: ")
    assert lines[1:] == [f"    {d.location}: {d.reason}" for d in doubts]


def test_reasons_without_end_are_cut_too() -> None:
    doubts = [LocatedDoubt("a:1", f"reason {'x' * n}") for n in range(30)]
    lines = [*import_reports.doubt_lines(doubts, 20)]
    assert len(lines) == 21
    assert lines[-1] == "  … and 10 other reasons (-v or --json shows them all)"


def test_numbers_and_quotes_do_not_make_another_reason() -> None:
    several = [
        "2 characters are lost: 'a' \"it's\"",
        "1,204 characters are lost: 'b' 'c' '\\'d', ...",
    ]
    assert {import_reports._generalise(text) for text in several} == {
        "… characters are lost: …",
        "… characters are lost: …, ...",
    }
    assert (
        import_reports._generalise("It doesn't say which of v2's posts.")
        == "It doesn't say which of v2's posts."
    )


def test_verbose_lists_what_vanished() -> None:
    vanished = gone("11", "kept"), gone("12", "spared"), gone("13", "kept")
    done = Import(Path("content"), (), (), (), changes(*vanished))
    brief = [*import_reports.import_lines(done, import_reports.MAX_SHOWN)]
    assert brief == [
        "content: 0 new files, 0 updated, 3 as before",
        "vanished from their source: 2 kept, 1 spared (-v lists them)",
        "kept and marked, since you edited them (1):",
        "  content/threads/12.md: post 12 is marked",
    ]
    assert [*import_reports.import_lines(done, None)] == [
        "content: 0 new files, 0 updated, 3 as before",
        "vanished from their source: 2 kept, 1 spared",
        "  content/threads/11.md: post 11 was kept",
        "  content/threads/12.md: post 12 was kept, since you edited it, and marked",
        "  content/threads/13.md: post 13 was kept",
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("warning: a.md: there is no media/gone.png; nothing is shown", [
            "warning: a.md: there is no media/gone.png;", "  nothing is shown"]),
        (f"  content/{'a' * 50}.md:7: It may be somebody else's.", [
            f"  content/{'a' * 50}.md:7:", "    It may be somebody else's."]),
        ("  short", ["  short"]),
    ],
)  # fmt: skip
def test_lines_are_wrapped_between_words_and_keep_their_indent(
    line: str, expected: list[str]
) -> None:
    assert list(reports.wrap(line, 45)) == expected
    assert list(reports.wrap(line, None)) == [line]
