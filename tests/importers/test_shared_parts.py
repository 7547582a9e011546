"""What sources share: the accounting of records, the kinds of media, parts of posts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.errors import SitegenError
from sitegen.formats.media_kinds import kind_of
from sitegen.model import Elsewhere, Facet, Post, Thread
from sitegen.sources import Oddity, Repair, accounting, post_parts
from sitegen.sources.accounting import Accounting


def test_a_report_has_everything_once() -> None:
    account = Accounting()
    account.records += 1
    account.count_excluded("line 2", "draft")
    account.oddities.update(["wilted", "bent", "wilted"])
    account.repairs["mended"] += 2
    account.note("read this", "and this")
    account.note("read this")
    report = account.report("a herbarium", [Thread("1", "web", (Post("1", "web", "Sedge."),))])
    assert accounting.check(report, "x") is report
    assert report.notes == ("read this", "and this")
    assert report.oddities == (Oddity("bent", 1), Oddity("wilted", 2))
    assert report.repairs == (Repair("mended", 2),)


def test_the_parts_of_a_source_are_accounted_for_together() -> None:
    part, whole = Accounting(), Accounting()
    part.count_excluded("item 1", "not a post", "comment")
    part.oddities["bent"] += 1
    part.note("read this")
    for _ in range(2):
        whole.include(part.report("a leaf", ()))
    report = accounting.check(whole.report("a herbarium", ()), "x")
    assert (report.records, report.oddities, report.notes) == (
        2,
        (Oddity("bent", 2),),
        ("read this",),
    )


@given(st.integers(0, 5), st.integers(0, 5), st.integers(0, 5))
def test_a_record_that_is_neither_a_post_nor_excluded_is_noticed(
    records: int, posts: int, excluded: int
) -> None:
    account = Accounting()
    for number in range(excluded):
        account.exclude(f"line {number}", "draft")
    account.records = records
    threads = [Thread(f"{n}", "web", (Post(f"{n}", "web", "Rush."),)) for n in range(posts)]
    report = account.report("a herbarium", threads)
    if records == posts + excluded:
        accounting.check(report, "x")
    else:
        with pytest.raises(SitegenError):
            accounting.check(report, "x")


@pytest.mark.parametrize(
    ("address", "stated", "kind"),
    [
        ("https://a.example/1", ("image/png",), "image"),
        ("https://a.example/1.mp3", (None, "Video"), "video"),
        ("https://a.example/1.mp3?size=5#top", ("application/x-leaf",), "audio"),
        ("media/reels/leaf?.MOV", (), "video"),
        ("https://a.example/leaf.pdf", (), "file"),
    ],
)
def test_a_medium_is_what_it_is_stated_to_be_or_named(
    address: str, stated: tuple[str | None, ...], kind: str
) -> None:
    assert kind_of(address, *stated) == kind


def test_parts_of_posts() -> None:
    facets = (Facet(0, 5, "tag", "sedge"), Facet(6, 10, "link", "https://a.example"))
    assert post_parts.shift(facets, 3) == (
        Facet(3, 8, "tag", "sedge"),
        Facet(9, 13, "link", "https://a.example"),
    )
    assert post_parts.targets((*facets, *facets), "tag") == ("sedge",)
    assert post_parts.without_doubles(["Ada@a.example", "ada@a.example", "bo"]) == (
        "Ada@a.example",
        "bo",
    )
    first, again = Elsewhere("1", "https://a.example/1"), Elsewhere("1")
    assert post_parts.references(first, None, again) == (again,)
    fields = {"closed": False, "title": "", "people": [], "emoji": {}, "place": None, "n": "é"}
    assert post_parts.extra(fields) == (("closed", "false"), ("n", '"é"'))
