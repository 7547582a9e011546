"""Places of links in bytes, and in UTF-16 units, become places in characters, or are left out."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sitegen.sources.bluesky.records.record_fields import RecordFields
from sitegen.sources.bluesky.records.rich_text import LEFT_OUT, RichText, rich_text

TEXTS = st.text(
    alphabet=st.one_of(
        st.sampled_from("ab #é東🙂👩\u200d\u0301שם\ufeff\0"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=30,
)
SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6)


def facet(start: int, end: int, **feature: Any) -> dict[str, Any]:
    kind = {"uri": "link", "did": "mention", "tag": "tag"}[next(iter(feature))]
    return {
        "index": {"byteStart": start, "byteEnd": end},
        "features": [{"$type": f"app.bsky.richtext.facet#{kind}", **feature}],
    }


def entity(start: int, end: int, kind: str, value: str) -> dict[str, Any]:
    return {"index": {"start": start, "end": end}, "type": kind, "value": value}


def read(text: str, **record: Any) -> tuple[RichText, Counter[str]]:
    odd: Counter[str] = Counter()
    return rich_text(RecordFields({"text": text} | record, odd), text), odd


def expected(spans: list[tuple[int, int]], units: bytes, encoding: str) -> list[tuple[int, str]]:
    """Return what should be shown, by decoding the bytes themselves."""
    cursor, found = 0, []
    for start, end in sorted(spans, key=lambda span: span[0]):
        if not cursor <= start < end <= len(units):
            continue
        try:
            begin = len(units[:start].decode(encoding))
            covered = units[start:end].decode(encoding)
        except UnicodeDecodeError:
            continue
        cursor = end
        found.append((begin, covered))
    return found


@given(TEXTS, SPANS)
@example("🙂a", [(0, 4), (4, 5)])
@example("é", [(0, 1), (1, 2), (0, 2)])
def test_facets_cover_exactly_the_characters_that_the_bytes_say(
    text: str, spans: list[tuple[int, int]]
) -> None:
    facets = [facet(start, end, tag=str(i)) for i, (start, end) in enumerate(spans)]
    found, odd = read(text, facets=facets)
    covered = [(f.start, text[f.start : f.end]) for f in found.facets]
    assert covered == expected(spans, text.encode(), "utf-8")
    assert len(found.facets) + odd.total() == len(spans)


@given(TEXTS, SPANS)
@example("🙂a", [(0, 2), (1, 2), (2, 3)])
def test_legacy_entities_cover_the_characters_that_their_units_say(
    text: str, spans: list[tuple[int, int]]
) -> None:
    found, odd = read(text, entities=[entity(a, b, "hashtag", f"t{a}") for a, b in spans])
    covered = [(f.start, text[f.start : f.end]) for f in found.facets]
    doubled = [(2 * start, 2 * end) for start, end in spans]
    assert covered == expected(doubled, text.encode("utf-16-le"), "utf-16-le")
    assert len(found.facets) + odd.total() == len(spans)


@given(st.text(max_size=20), SPANS)
def test_half_of_a_surrogate_pair_in_a_text_is_a_character(
    text: str, spans: list[tuple[int, int]]
) -> None:
    broken = text + "\ud83d" + text
    found, _ = read(broken, facets=[facet(a, b, tag="t") for a, b in spans])
    data = broken.encode("utf-8", "surrogatepass")
    assert all(f.end <= len(broken) for f in found.facets)
    for f in found.facets:
        assert broken[f.start : f.end].encode("utf-8", "surrogatepass") in data


@pytest.mark.parametrize(
    ("facets", "fault"),
    [
        ([facet(0, 3, tag="a"), facet(2, 5, tag="b")], "over another"),
        ([facet(0, 3, tag="a"), facet(3, 3, tag="b")], "empty"),
        ([facet(0, 3, tag="a"), facet(7, 4, tag="b")], "empty"),
        ([facet(0, 3, tag="a"), facet(5, 900, tag="b")], "past the end of the text"),
        ([facet(0, 3, tag="a"), facet(9, 10, tag="b")], "inside a character"),
        ([facet(0, 3, tag="a"), {"index": {"byteStart": -1, "byteEnd": 2}}], "without a place"),
        ([facet(0, 3, tag="a"), {"index": {"byteStart": "4th", "byteEnd": 6}}], "without a place"),
        ([facet(0, 3, tag="a"), {"features": []}], "without a place"),
        ([facet(0, 3, tag="a"), facet(4, 6, uri="javascript:alert(1)")], "leading nowhere"),
        ([facet(0, 3, tag="a"), facet(4, 6, uri="//evil.example/")], "leading nowhere"),
        ([facet(0, 3, tag="a"), facet(4, 6, did="ada lovelace")], "leading nowhere"),
        ([facet(0, 3, tag="a"), facet(4, 6, tag="#")], "leading nowhere"),
        (
            [
                facet(0, 3, tag="a"),
                {"index": {"byteStart": 4, "byteEnd": 6}, "features": [{"$type": "x#y"}]},
            ],
            "of a kind that is not known",
        ),
    ],
)
def test_what_cannot_be_placed_or_leads_nowhere_is_left_out_and_counted(
    facets: list[Any], fault: str
) -> None:
    found, odd = read("#a moss 🙂", facets=facets)
    assert [(f.start, f.end, f.value) for f in found.facets] == [(0, 3, "a")]
    assert odd[LEFT_OUT + fault] == 1


def test_the_first_feature_that_leads_somewhere_counts() -> None:
    both = facet(0, 4, tag="moss")
    both["features"].insert(0, {"$type": "app.bsky.richtext.facet#link", "uri": "data:,x"})
    found, _ = read("#moss", facets=[both])
    assert [(f.kind, f.value) for f in found.facets] == [("tag", "moss")]


def test_a_mention_is_called_as_the_text_calls_it_and_its_account_is_kept() -> None:
    text = "@Rowan.Example and my friend"
    found, _ = read(
        text, facets=[facet(0, 14, did="did:plc:rowan"), facet(22, 28, did="did:plc:hazel")]
    )
    assert found.values("mention") == ("rowan.example", "did:plc:hazel")
    assert found.accounts == (("rowan.example", "did:plc:rowan"),)


@pytest.mark.parametrize(
    "value", [None, 7, "x", {}, {"index": []}, [1, "a", None, [], {}], [{"index": 3}]]
)
def test_facets_of_any_type_do_no_harm(value: Any) -> None:
    for name in ("facets", "entities"):
        assert read("moss", **{name: value})[0].facets == ()
