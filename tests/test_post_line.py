"""Plain lines are read in one step: always as the long way reads them, field by field."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.content import thread_file
from sitegen.errors import ContentError

WORDS = st.sampled_from(["a", "Ada", "", "#moss @ada@x.example", "نهر", "\N{DESERT ISLAND}"])
ODD = st.one_of(
    WORDS, st.integers(), st.booleans(), st.none(), st.floats(allow_nan=False), st.just([]),
    st.lists(WORDS, max_size=2), st.dictionaries(st.sampled_from(["handle", "kind"]), WORDS),
)  # fmt: skip
TEXTS = st.lists(WORDS, max_size=2)
NUMBER = st.one_of(st.none(), st.integers(min_value=-1, max_value=10**30))
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "created_at": st.one_of(st.none(), st.just("2025-04-01T06:00:00Z")),
    "author": st.fixed_dictionaries({}, optional={"handle": WORDS, "id": WORDS, "name": WORDS}),
    "mentions": TEXTS,
    "tags": TEXTS,
    "links": TEXTS,
    "cut_links": TEXTS,
    "langs": TEXTS,
    "uncertain": TEXTS,
    "media": st.lists(
        st.fixed_dictionaries(
            {"kind": st.sampled_from(["image", "video", "sound"])}, optional={"alt": WORDS}
        ),
        max_size=2,
    ),
    "card": st.fixed_dictionaries({}, optional={"title": WORDS, "url": WORDS}),
    "counts": st.fixed_dictionaries({}, optional={"likes": NUMBER, "quotes": NUMBER}),
    "warning": WORDS,
    "hide": st.booleans(),
    "Hide": st.booleans(),
    "extra": st.dictionaries(WORDS, WORDS, max_size=1),
    "colour": WORDS,
}
LINES = st.fixed_dictionaries(
    {"id": st.sampled_from(["1", "x-y", " "])},
    optional={name: st.one_of(kind, kind, ODD) for name, kind in FIELDS.items()},
)
BODIES = st.sampled_from(
    ["", "Words", "By #moss and @ada", "<https://x.example/>", "*by hand*", "# Title", "a  \nb"]
)


@given(line=LINES, body=BODIES, author=st.one_of(st.none(), ODD), account=st.one_of(st.none(), ODD))
def test_the_short_way_reads_what_the_long_way_reads(
    line: dict[str, Any], body: str, author: Any, account: Any
) -> None:
    head = [f"network: {json.dumps('net')}"]
    head += [f"author: {json.dumps(author)}"] if author is not None else []
    head += [f"account: {json.dumps(account)}"] if account is not None else []
    text = "\n".join(["---", *head, "posts:", f"  - {json.dumps(line)}", "---", ""])
    text += f"\n{thread_file.marker(line['id'])}\n\n{body}\n"
    file = thread_file.read("thread.md", text)
    try:
        expected = (thread_file.stored_post(file, line["id"], "net"),)
    except ContentError as error:
        with pytest.raises(ContentError) as told:
            thread_file.stored_posts(file)
        assert str(told.value) == str(error)
    else:
        assert thread_file.stored_posts(file) == expected
