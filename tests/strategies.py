"""Archives that nobody planned, for the laws."""

from __future__ import annotations

from typing import get_args

from hypothesis import strategies as st

from sitegen.model import (
    Author,
    Card,
    Counts,
    Elsewhere,
    Media,
    MediaKind,
    Poll,
    PollOption,
    Post,
    Thread,
    Version,
    Visibility,
)
from sitegen.text import facets

# Any characters at all, and often those that formats trip over.
TEXTS = st.one_of(
    st.text(max_size=40),
    st.text(alphabet=st.sampled_from("ab \n\t#*_`<>&[]()-+.:|{}~\\\"'@!1\u00a0\u2028\u3000é東🙂"), max_size=60),
    st.sampled_from(
        ["", "---", "no", "12:30:45", "@home", "# a", "1. b", "> c", "<!-- post x -->", "{{ x }}",
         "\ud800", "\0", "a\r\nb", "  a  ", "\n\n\na\n\n\n", "= b", "yes: no", "{% raw %}", "a\x85b"]
    ),
)  # fmt: skip
NAMES = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=20
)
IDS = st.one_of(
    st.text(alphabet="abcdefghij234567", min_size=4, max_size=8), NAMES.filter(str.strip)
)
URLS = st.sampled_from(
    ["https://example.org/", "https://www.example.org/a_b*c", "http://a.example/?q=1&r=2#x",
     "javascript:alert(1)", "https://example.org/(x)", "mailto:ada@example.org", "//evil.example/"]
)  # fmt: skip
MAYBE = st.none() | TEXTS
# What people may type into a search field.
_PIECES = st.sampled_from(
    ["-", "#", "@", "*", ":", ",", '"', "“", "”", "「", "」", " ", "\u3000", "fog", "東京", "a", "12",
     "from", "is:", "has:", "reply", "on:", "2019-05", "2019", "min_likes:", "sort:", "new", "tag:", "id:"]
)  # fmt: skip
TYPED = st.one_of(st.lists(_PIECES, max_size=20).map("".join), TEXTS, st.text(max_size=30))
# Names of files as imports write them, and as people may.
PATHS = st.one_of(
    st.sampled_from(
        ["media/a.png", "media/b.mp4", "media/a b (1).jpg", "media/été/c.ogg", "media/d",
         "media/../e.png", "media/", "media/%41&amp;.svg", "media/media/f.pdf", "g.png"]
    ),
    TEXTS.map(lambda name: f"media/{name}"),
)  # fmt: skip
MEDIA = st.builds(Media, st.sampled_from(get_args(MediaKind)), MAYBE | PATHS, MAYBE, MAYBE)
COUNTS = st.none() | st.integers(0, 2**53)


@st.composite
def posts(draw: st.DrawFn, network: str, identity: str) -> Post:
    """Return a post of any kind."""
    text: str = draw(TEXTS)
    links = draw(st.lists(URLS, max_size=2))
    is_shown = draw(st.booleans())
    if links and is_shown:
        text += f" {links[0]} "
    mentions = draw(st.lists(st.sampled_from(["ada.example", "bo@social.example"]), max_size=2))
    tags = draw(st.lists(st.sampled_from(["AI", "ai", "C++", "東京", "a b"]), max_size=2))
    text += "".join(draw(st.sampled_from(["", f" @{m}"])) for m in mentions)
    text += "".join(draw(st.sampled_from(["", f" #{t}"])) for t in tags)
    return Post(
        id=identity,
        network=network,
        text=text,
        created_at=draw(st.none() | st.datetimes().map(lambda d: d.isoformat()) | TEXTS),
        author=draw(st.builds(Author, MAYBE, MAYBE, MAYBE)),
        reply_to=draw(MAYBE),
        repost_of=draw(MAYBE),
        quote_of=draw(MAYBE),
        facets=facets.locate(text, links, mentions, tags),
        links=tuple(links),
        mentions=tuple(mentions),
        tags=tuple(tags),
        cut_links=tuple(draw(st.lists(TEXTS, max_size=1))),
        media=tuple(draw(st.lists(MEDIA, max_size=3))),
        card=draw(st.none() | st.builds(Card, TEXTS, TEXTS, MAYBE, MAYBE | PATHS)),
        poll=draw(st.none() | _polls()),
        warning=draw(MAYBE),
        sensitive=draw(st.booleans()),
        langs=tuple(draw(st.lists(TEXTS, max_size=2))),
        counts=draw(st.builds(Counts, COUNTS, COUNTS, COUNTS, COUNTS)),
        url=draw(MAYBE),
        uncertain=tuple(draw(st.lists(TEXTS, max_size=2))),
        edited_at=draw(MAYBE),
        history=tuple(draw(st.lists(st.builds(Version, TEXTS, MAYBE), max_size=2))),
        elsewhere=draw(_others()),
        also=draw(_others()),
        visibility=draw(st.none() | st.sampled_from(get_args(Visibility))),
        vanished=draw(st.booleans()),
        extra=tuple(draw(st.sampled_from([(), (("mood", '"fine"'),), (("x", "null"), ("y", '{"z": [1]}'))]))),
    )  # fmt: skip


@st.composite
def archives(draw: st.DrawFn) -> tuple[Thread, ...]:
    """Return a few threads with ids of their own."""
    network = draw(st.sampled_from(["bluesky", "x", "odd network"]))
    ids = draw(st.lists(IDS, min_size=1, max_size=6, unique=True))
    cuts = sorted(draw(st.sets(st.integers(1, len(ids)), max_size=2)) | {len(ids)})
    threads, start = [], 0
    for end in cuts:
        members = tuple(draw(posts(network, identity)) for identity in ids[start:end])
        if members:
            threads.append(Thread(members[0].id, network, members))
        start = end
    return tuple(threads)


def _others() -> st.SearchStrategy[tuple[Elsewhere, ...]]:
    who = st.builds(Author, MAYBE, MAYBE, MAYBE)
    state = st.sampled_from([None, "deleted", "blocked"])
    others = st.builds(Elsewhere, IDS.filter(str.strip), MAYBE, who, state, MAYBE)
    return st.lists(others, max_size=2).map(tuple)


def _polls() -> st.SearchStrategy[Poll]:
    options = st.lists(st.builds(PollOption, TEXTS, COUNTS), max_size=3).map(tuple)
    return st.builds(Poll, options, MAYBE, COUNTS)
