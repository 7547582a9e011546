"""Posts, threads, replies and reposts: what each post is, and the pages that list each kind."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from test_build import cold, site
from trees import differences, tree

from sitegen.config import settings
from sitegen.config.schema import KINDS
from sitegen.errors import SitegenError
from sitegen.model import Author, Counts, Elsewhere, Facet, Post, Thread
from sitegen.site import build as builds
from sitegen.threads import kinds
from sitegen.threads.kinds import LISTING_NAMES, kinds_of

ADA = Author("ada.example", "did:plc:ada", "Ada")
BEN = Author("ben.example", "did:plc:ben", "Ben")
ALL = '[site]\naccount = "ada.example"\nfront = ["posts", "threads", "replies", "reposts"]\n'
OWN = '[site]\naccount = "ada.example"\n'


def post(identity: str, author: Author = ADA, **fields: Any) -> Post:
    """Return a post whose words are its id."""
    time = f"2024-05-01T{10 + len(identity):02}:00:00Z"
    return Post(
        **{"id": identity, "network": "bluesky", "text": f"Words {identity}", "author": author,
           "created_at": time, **fields}
    )  # fmt: skip


def answer(identity: str, to: str, author: Author = ADA, of: Author | None = None) -> Post:
    """Return a reply; `of` is the author of the answered post, as far as the reply states it."""
    elsewhere = (Elsewhere(to, author=of),) if of else ()
    return post(identity, author, reply_to=to, elsewhere=elsewhere)


def retweet(text: str, *mentions: str, network: str = "x") -> Post:
    return post("r", network=network, text=text, mentions=mentions)


CASES = {
    "a post": ([post("a")], ("post", (), ())),
    "two of one author": ([post("a"), answer("b", "a")], ("thread", (), ())),
    "without replies": ([post("a"), post("b")], ("thread", (), ())),
    "another answers": ([post("a"), answer("b", "a", BEN)], ("post", (1,), (1,))),
    "and is answered": (
        [post("a"), answer("b", "a", BEN), answer("c", "b")],
        ("post", (1, 2), (1, 2)),
    ),
    "both": ([post("a"), answer("b", "a", BEN), answer("c", "a")], ("thread", (1,), (1,))),
    "an answer that goes on": (
        [post("a"), answer("b", "a", BEN), answer("c", "b"), answer("d", "c")],
        ("post", (1, 2), (1, 2, 3)),
    ),
    "of which the last comes first": (
        [post("a"), answer("d", "c"), answer("c", "b"), answer("b", "a", BEN)],
        ("post", (2, 3), (1, 2, 3)),
    ),
    "another's own": (
        [post("a"), answer("b", "a", BEN), answer("c", "b", BEN), answer("d", "a")],
        ("thread", (1,), (1, 2)),
    ),
    "a circle": ([answer("a", "c"), answer("b", "a"), answer("c", "b")], ("thread", (), ())),
    "in a circle with another": (
        [post("a"), answer("b", "c"), answer("c", "b", BEN)],
        ("post", (1, 2), (1, 2)),
    ),
    "after an own post that is gone": ([post("a"), answer("b", "x", of=ADA)], ("thread", (), ())),
    "to a stranger": ([answer("a", "gone", of=BEN)], ("reply", (), ())),
    "to nobody known": ([answer("a", "gone")], ("reply", (), ())),
    "to oneself": ([answer("a", "gone", of=ADA)], ("post", (), ())),
    "a long reply": ([answer("a", "gone", of=BEN), answer("b", "a")], ("reply", (), ())),
    "a repost": ([post("a", repost_of="gone")], ("repost", (), ())),
    "a quote": ([post("a", quote_of="gone")], ("post", (), ())),
    "by id": (
        [post("a"), answer("b", "a", replace(ADA, handle="other.example"))],
        ("thread", (), ()),
    ),
    "by handle": ([post("a"), answer("b", "a", Author("ADA.example"))], ("thread", (), ())),
    "two unknown authors": ([post("a", Author()), answer("b", "a", Author())], ("thread", (), ())),
    "of X": ([retweet("RT @ben: Fog", "ben")], ("repost", (), ())),
    "of X, other case": ([retweet("RT @Ben: Fog", "ben")], ("repost", (), ())),
    "without a mention": ([retweet("RT @ben: Fog")], ("post", (), ())),
    "not at the start": ([retweet("See RT @ben: Fog", "ben")], ("post", (), ())),
    "elsewhere": ([retweet("RT @ben: Fog", "ben", network="mastodon")], ("post", (), ())),
}


@pytest.mark.parametrize("case", CASES)
def test_a_post_is_of_one_kind(case: str) -> None:
    posts, expected = CASES[case]
    assert tuple(kinds_of(posts)) == expected


def test_a_hidden_post_is_still_answered() -> None:
    assert kinds_of([answer("b", "a")], [post("a")]) == ("post", (), ())
    assert kinds_of([answer("b", "a")], [post("a", BEN)]) == ("reply", (), ())
    shown, hidden = [post("a"), answer("d", "c")], [answer("b", "a", BEN), answer("c", "b")]
    assert kinds_of(shown, hidden) == ("post", (), (1,))
    assert kinds_of(shown, [answer("c", "a")]) == ("thread", (), ())


def test_the_marker_of_a_repost_is_left_out_with_its_mention() -> None:
    text = "RT @ben: Fog, says @cy"
    facets = (Facet(3, 7, "mention", "ben"), Facet(19, 22, "mention", "cy"))
    marked = post("r", network="x", text=text, mentions=("ben", "cy"), facets=facets)
    plain = kinds.without_marker(marked)
    assert plain == replace(marked, text="Fog, says @cy", facets=(Facet(10, 13, "mention", "cy"),))
    assert kinds.without_marker(plain) == plain
    assert kinds.is_truncated(retweet("RT @ben: Fog and…", "ben"))
    assert not kinds.is_truncated(retweet("RT @ben: Fog and", "ben"))


def test_the_settings_know_every_kind() -> None:
    assert tuple(LISTING_NAMES.values()) == KINDS


def everything() -> list[Thread]:
    """Return threads of all kinds, some with replies within."""
    threads = [
        [post("p")], [post("t"), answer("tt", "t"), answer("ttt", "tt")],
        [answer("r", "gone", of=BEN)], [post("rp", repost_of="x", text="")],
        [post("o", BEN), answer("oo", "o")], [post("q", counts=Counts(likes=3))],
    ]  # fmt: skip
    return [Thread(posts[0].id, "bluesky", tuple(posts)) for posts in threads]


def listed(text: str) -> list[str]:
    """Return the ids of the posts that a listing shows, in order."""
    return re.findall(r'p-name" href="(?:\.\./)*thread/bluesky-(\w+)\.html"', text)


def on_the_timeline(text: str) -> list[str]:
    return re.findall(r'u-url u-uid" href="(?:\.\./)*thread/bluesky-(\w+)\.html"', text)


def test_each_kind_has_a_listing_and_the_front_page_what_it_is_told(tmp_path: Path) -> None:
    config = site(tmp_path, *everything(), toml=OWN)
    builds.build(config)
    made = {name: data.decode() for name, data in tree(config.output).items() if "html" in name}
    assert {name: listed(made[f"{name}.html"]) for name in KINDS} == {
        "posts": ["o", "p", "q"], "threads": ["t"], "replies": ["oo", "r"], "reposts": ["rp"],
    }  # fmt: skip
    assert on_the_timeline(made["index.html"]) == ["p", "q", "t"]
    own = "profile/bluesky-did-plc-ada-308d81bf"
    assert listed(made[f"{own}.html"]) == ["p", "q", "t"]
    assert listed(made[f"{own}/posts.html"]) == ["p", "q"]
    assert listed(made[f"{own}/replies.html"]) == ["oo", "r"]
    assert "in reply to <bdi>@ben.example</bdi>" in made["replies.html"]
    assert 'href="thread/bluesky-oo.html"' in made["replies.html"]
    tabs = re.findall(r'<a href="(\w+\.html)".*?<span class="count">(\d+)<', made["posts.html"])
    assert tabs == [("posts.html", "3"), ("threads.html", "1"), ("replies.html", "2"), ("reposts.html", "1")]  # fmt: skip


def test_front_chooses_the_kinds_of_the_front_page_and_the_feed(tmp_path: Path) -> None:
    config = site(tmp_path, *everything(), toml=OWN + 'front = ["replies"]\n')
    builds.build(config)
    assert on_the_timeline((config.output / "index.html").read_text("utf-8")) == ["oo", "r"]
    assert (config.output / "feed.xml").read_text("utf-8").count("<entry") == 2


def test_an_archive_of_another_kind_alone_is_shown_all_the_same(tmp_path: Path) -> None:
    only = answer("r", "gone", of=BEN)
    config = site(tmp_path, Thread("r", "bluesky", (only,)), toml=OWN)
    builds.build(config)
    assert on_the_timeline((config.output / "index.html").read_text("utf-8")) == ["r"]
    assert not (config.output / "replies.html").exists()  # there is nothing else


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_that_is_not_shown_is_nowhere(tmp_path: Path, kind: str) -> None:
    shown = [name for name in KINDS if name != kind]
    config = site(tmp_path, *everything(), toml=f"{OWN}show = {shown}\n")
    builds.build(config)
    words = {
        "posts": b"Words p",
        "threads": b"Words tt",
        "replies": b"Words r",
        "reposts": b"bluesky-rp",
    }
    found = {name for name in KINDS if any(words[name] in d for d in tree(config.output).values())}
    assert found == {*shown}
    assert not (config.output / f"{kind}.html").exists()
    assert differences(tree(config.output), cold(config)) == []


def test_what_is_shown_again_is_as_in_a_first_build(tmp_path: Path) -> None:
    config = site(tmp_path, *everything(), toml=OWN)
    for shown in (["posts"], [*KINDS], ["replies", "reposts"], ["posts", "replies"], [*KINDS]):
        now = config._replace(site=config.site._replace(show=tuple(shown)))
        builds.build(now)
        assert differences(tree(config.output), cold(now)) == []


def test_numbered_pages_that_there_were_lead_to_the_listing(tmp_path: Path) -> None:
    threads = [Thread(f"a{n}", "bluesky", (answer(f"a{n}", "gone", of=BEN),)) for n in range(8)]
    config = site(tmp_path, *everything(), *threads, toml=OWN + "[build]\npage_size = 2\n")
    builds.build(config)
    pages = sorted(path.name for path in (config.output / "page").iterdir())
    assert pages == ["1.html", "2.html", "3.html", "4.html", "5.html", "6.html"]
    former = (config.output / "page/6.html").read_text("utf-8")
    assert 'http-equiv="refresh" content="0; url=../index.html"' in former


def test_a_page_of_ones_own_keeps_the_address_of_a_listing(tmp_path: Path) -> None:
    config = site(tmp_path, *everything(), toml=OWN)
    (config.content / "replies.md").write_text("# Mine\n", "utf-8")
    builds.build(config)
    made = tree(config.output)
    assert b'<body class="kind-document">' in made["replies.html"]
    (other,) = [name for name in made if re.fullmatch(r"replies-\w+\.html", name)]
    assert listed(made[other].decode()) == ["oo", "r"]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ('front = ["post"]', "[site] front cannot contain 'post'"),
        ("show = []", "[site] show is empty"),
    ],
)
def test_an_unknown_kind_is_an_error(tmp_path: Path, line: str, what: str) -> None:
    file = tmp_path / "sitegen.toml"
    file.write_text(f"[site]\n{line}\n", "utf-8")
    with pytest.raises(SitegenError) as caught:
        settings.load(file)
    assert what in str(caught.value)
    assert "posts, threads, replies, reposts" in str(caught.value)


def test_who_was_answered_is_not_said_once_the_answered_post_is_hidden(tmp_path: Path) -> None:
    reply = Thread("r", "bluesky", (answer("r", "o", of=BEN),))
    answered = Thread("o", "bluesky", (post("o", BEN),))
    config = site(tmp_path, reply, answered, Thread("p", "bluesky", (post("p"),)), toml=OWN)
    builds.build(config)
    assert b"@ben.example" in (config.output / "replies.html").read_bytes()
    path = next(path for path in config.content.rglob("*.md") if "words-o" in path.name)
    path.write_text(path.read_text("utf-8").replace("---\n", "---\nhide: true\n", 1), "utf-8")
    builds.build(config, min_share=0)
    assert differences(tree(config.output), cold(config)) == []
    made = tree(config.output)
    assert [name for name, data in made.items() if b"@ben.example" in data] == []


def test_who_was_answered_in_a_thread_has_no_page_once_the_answered_post_is_hidden(
    tmp_path: Path,
) -> None:
    posts = (post("a"), answer("b", "a", BEN), answer("c", "b", of=BEN))
    config = site(tmp_path, Thread("a", "bluesky", posts), toml=OWN)
    builds.build(config)
    page = "person/bluesky-ben.example.html"
    assert listed((config.output / page).read_text("utf-8")) == ["c"]
    path = next(config.content.rglob("*words-a*.md"))
    text = path.read_text("utf-8").replace('{"id": "b", ', '{"id": "b", "hide": true, ', 1)
    path.write_text(text, "utf-8")
    builds.build(config, min_share=0)
    made = tree(config.output)
    assert page not in made
    assert "people.html" not in made
    assert differences(made, cold(config)) == []


@given(st.lists(st.tuples(st.sampled_from([ADA, BEN, Author()]), st.integers(-1, 6)), max_size=7))
def test_every_post_is_a_root_a_reply_or_part_of_its_authors_thread(
    parts: list[tuple[Author, int]],
) -> None:
    posts = [post("0")]
    for number, (author, to) in enumerate(parts, 1):
        posts.append(answer(str(number), str(to), author) if to >= 0 else post(str(number), author))
    root, replies, others = kinds_of(posts)
    by_id = {each.id: each for each in posts}
    parents = {each.id: by_id.get(each.reply_to) if each.reply_to else posts[0] for each in posts}
    for at, each in enumerate(posts[1:], 1):
        parent = parents[each.id]
        assert (at in replies) == (parent is None or parent.author != each.author)
        line, above = {each.id: each}, parent
        while above is not None and above.id not in line:
            line[above.id] = above
            above = parents[above.id] if above is not posts[0] else posts[0]
        is_own = above is not None and {post.author for post in line.values()} == {ADA}
        assert (at in others) == (not is_own)
    assert root == ("thread" if len(others) < len(parts) else "post")


def test_people_with_one_handle_on_two_networks_are_told_apart(tmp_path: Path) -> None:
    posts = [
        Post(
            f"{network}{handle}", network, f"Fog, @{handle}", "2024-05-01", ADA, mentions=(handle,)
        )
        for network, handle in (("bluesky", "ben"), ("x", "ben"), ("x", "cem"))
    ]
    config = site(tmp_path, *[Thread(post.id, post.network, (post,)) for post in posts])
    builds.build(config)
    made = {
        path: data.decode() for path, data in tree(config.output).items() if path.endswith("html")
    }
    names = re.findall(r"<bdi>(@[^<]*)</bdi></a> <span", made["people.html"])
    assert names == ["@ben (Bluesky)", "@ben (X)", "@cem"]
    headings = {path: re.findall(r"<h1><bdi>(.*?)</bdi>", text) for path, text in made.items()}
    assert headings["person/bluesky-ben.html"] == ["@ben (Bluesky)"]
    assert headings["person/x-cem.html"] == ["@cem"]
    assert "<title>@ben (X) · " in made["person/x-ben.html"]


def test_a_long_fediverse_address_breaks_before_its_host_in_the_list_of_people(
    tmp_path: Path,
) -> None:
    mentioned = "fennick-moor@observatory.example"
    post = Post("a1", "mastodon", "Fog", "2024-05-01", ADA, mentions=(mentioned,))
    config = site(tmp_path, Thread("a1", "mastodon", (post,)))
    builds.build(config)
    page = (config.output / "people.html").read_text()
    assert "<bdi>@fennick-moor<wbr>@observatory.example</bdi></a>" in page
