"""Nothing of a hidden post is in any byte of the site, whatever it holds and whenever it is hidden."""

from __future__ import annotations

import gzip
import re
import tempfile
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws import long_law
from media.pictures import picture, saved
from msgspec.structs import replace
from test_build import cold, site
from trees import tree

from sitegen.config import settings
from sitegen.config.schema import Config
from sitegen.content import store
from sitegen.content.archive_index import ArchiveIndex
from sitegen.content.post_media.post_files import files_of
from sitegen.model import (
    Author,
    Card,
    Counts,
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

TOML = """[site]
base_url = "https://archive.example/"
[build]
json_feeds = "all"
tag_feed_threads = 1
"""
NETWORKS = ("bluesky", "mastodon")
SAY_HIDDEN = ('"hide": true', '"draft": true', '"visibility": "direct"', '"extra": {"hide": true}')
BEGINNING = '  - {"id": "'


def word(at: int, what: str) -> str:
    """Return a word that only one post has, in one place."""
    return f"{mark(at)}{what}"


def mark(at: int) -> str:
    """Return how all words of a post begin."""
    return f"zq{chr(97 + at // 26)}{chr(97 + at % 26)}"


def name_of(at: int, network: str) -> str:
    """Return the id of a post."""
    name = word(at, "id")
    return name if network == "bluesky" else f"https://social.example/{word(at, 'path')}/{name}"


def plain(at: int, network: str) -> Post:
    """Return a post of which all but the network is its own."""
    return Post(
        name_of(at, network), network, f"All {word(at, 'text')} here", moment(at),
        Author("ada.example", "did:ada", "Ada"),
    )  # fmt: skip


def moment(at: int, hour: int = 10) -> str:
    """Return a time in a year that no other post has."""
    return f"{1960 + at}-0{1 + at % 9}-1{at % 9}T{hour}:1{at % 9}:5{at % 9}Z"


def former(at: int) -> str:
    """Return how the id of a post begins that was made of its minute."""
    return f"{1960 + at}0704t1011"


def with_media(at: int, post: Post) -> Post:
    name = word(at, "picture")
    media = (
        Media("image", f"media/{name}.png", word(at, "alt"), word(at, "origin")),
        Media("video", None, word(at, "missing"), word(at, "video")),
    )
    return replace(post, media=media)


def with_warning(at: int, post: Post) -> Post:
    return replace(post, warning=f"Of {word(at, 'warning')}")


def with_poll(at: int, post: Post) -> Post:
    options = (PollOption(word(at, "option"), 3), PollOption("Yes", 4))
    return replace(post, poll=Poll(options, moment(at, 12), 7))


def with_tags(at: int, post: Post) -> Post:
    tags, handle = (word(at, "tag"), word(at, "hidtag")), f"{word(at, 'handle')}.example"
    text = f"{post.text} #{tags[0]} @{handle}"
    located = facets.locate(text, (), (handle,), tags)
    return replace(post, text=text, tags=tags, mentions=(handle,), facets=located)


def with_history(at: int, post: Post) -> Post:
    earlier = (Version(f"Once {word(at, 'earlier')}", moment(at, 11)), Version(word(at, "first")))
    return replace(post, history=earlier, edited_at=moment(at, 13))


def with_links(at: int, post: Post) -> Post:
    link = f"https://{word(at, 'host')}.example/{word(at, 'way')}"
    text = f"{post.text} {link}"
    host, picture = f"https://{word(at, 'cardhost')}.example/", f"media/{word(at, 'thumb')}.png"
    card = Card(word(at, "card"), word(at, "about"), host, picture)
    located = facets.locate(text, (link,), (), ())
    return replace(
        post, text=text, links=(link,), facets=located, card=card,
        cut_links=(f"{word(at, 'cut')}.example/…",),
    )  # fmt: skip


def with_author(at: int, post: Post) -> Post:
    by = Author(f"{word(at, 'by')}.example", f"did:{word(at, 'did')}", word(at, "name"))
    return replace(post, author=by)


def with_quotes(at: int, post: Post) -> Post:
    who = Author(f"{word(at, 'quoted')}.example", None, word(at, "quotedname"))
    quoted = Elsewhere(word(at, "quotedid"), f"https://q.example/{word(at, 'quotedurl')}", who)
    again = Elsewhere(word(at, "again"), f"https://a.example/{word(at, 'againurl')}", network="x")
    return replace(post, quote_of=quoted.id, elsewhere=(quoted,), also=(again,))


def with_rest(at: int, post: Post) -> Post:
    return replace(
        post, url=f"https://social.example/{word(at, 'url')}", langs=(f"x-{word(at, 'lang')}",),
        uncertain=(word(at, "doubt"),), extra=(("mood", f'"{word(at, "extra")}"'),),
        counts=Counts(likes=3), vanished=True, also=(Elsewhere(f"{former(at)}-3fa4b2c1"),),
    )  # fmt: skip


def bare(at: int, post: Post) -> Post:
    """Return a post without words: its title is made of its date."""
    return replace(post, text="")


def reposting(at: int, post: Post) -> Post:
    who = Author(f"{word(at, 'reposted')}.example")
    other = Elsewhere(word(at, "repostid"), None, who)
    return replace(post, text="", repost_of=other.id, elsewhere=(other,))


SHAPES = {
    made.__name__.removeprefix("with_"): made
    for made in (
        with_media, with_warning, with_poll, with_tags, with_history, with_links, with_author,
        with_quotes, with_rest, bare, reposting,
    )
}  # fmt: skip


def shaped(at: int, network: str, shapes: tuple[str, ...]) -> Post:
    post = plain(at, network)
    for shape in shapes:
        post = SHAPES[shape](at, post)
    return post


def others(posts: tuple[Post, ...]) -> Iterator[Thread]:
    """Yield threads that quote, repost and answer each post."""
    for at, post in enumerate(posts):
        place = Elsewhere(
            post.id, f"https://o.example/{mark_of(post)}url", Author(f"{mark_of(post)}.example")
        )
        for kind in ("quote_of", "repost_of", "reply_to"):
            own = Post(
                f"other{at}{kind[:2]}", post.network, f"Mine {kind}", "2024-05-06T07:08:09Z",
                Author("o.example", "did:o", "Ola"), elsewhere=(place,),
            )  # fmt: skip
            yield Thread(own.id, own.network, (replace(own, **{kind: post.id}),))


def mark_of(post: Post) -> str:
    """Return how all words of a post begin."""
    return post.id.rpartition("/")[2][:4]


def made(folder: Path, *threads: tuple[Post, ...]) -> Config:
    """Write the content of a site with these threads, and others that lead to their posts."""
    posts = tuple([post for thread in threads for post in thread])
    chains = [Thread(p[0].id, p[0].network, (p[0], *answering(p))) for p in threads]
    config = site(folder, *chains, *others(posts), toml=TOML)
    profiles = [
        Profile(f"did:p{at}", post.network, f"pins{at}.example", f"Pins {at}", pinned=post.id)
        for at, post in enumerate(posts)
    ]
    store.write(store.merge(ArchiveIndex(config.content), (), tuple(profiles)))
    (config.content / "media").mkdir(exist_ok=True)
    for post in posts:
        for path in files_of(post):
            data = f"\x89PNG {mark_of(post)}bytes".encode("latin-1")
            (config.content / path).write_bytes(data)
    return config


def answering(posts: tuple[Post, ...]) -> Iterator[Post]:
    """Yield all but the first post, each in answer to the one before."""
    for before, post in pairwise(posts):
        yield replace(post, reply_to=before.id)


def file_of(config: Config, posts: tuple[Post, ...]) -> Path:
    """Return the file of a thread."""
    line = f'{BEGINNING}{posts[-1].id}"'
    (path,) = (p for p in config.content.rglob("*.md") if line in p.read_text("utf-8"))
    return path


def hide(path: Path, posts: Iterable[Post], saying: str) -> None:
    """Hide posts by their lines."""
    text = path.read_text("utf-8")
    for post in posts:
        line = f'{BEGINNING}{post.id}"'
        assert line in text
        if saying.startswith('"extra"'):  # the line may have some
            text = re.sub(rf'({re.escape(line)}.*), "extra": \{{.*?\}}', r"\1", text)
        text = text.replace(line, f"{line}, {saying}", 1)
    path.write_text(text, "utf-8")


def secrets_of(posts: Iterable[Post]) -> frozenset[bytes]:
    """Return what only these posts say: how their words begin, and the years of their times."""
    years = [(post.created_at or "")[:4] for post in posts]
    times = [form.format(year) for year in years for form in ("{}-", " {}", ">{}", "{}0704t")]
    return frozenset([found.encode() for found in (*map(mark_of, posts), *times)])


def leaks(made: dict[str, bytes], secrets: frozenset[bytes]) -> list[tuple[str, bytes]]:
    """Return the files in which a secret is, or in whose names; scripts of the theme have none."""
    found = []
    for name, data in made.items():
        if name.startswith("static/search/"):  # with 1970 among their numbers
            continue
        whole = gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data
        text = name.lower().encode() + b"\n" + whole.lower()
        found += [(name, secret) for secret in sorted(secrets) if secret in text]
    return found


def search(config: Config, hidden: list[Post], shown: list[Post]) -> None:
    """Build a site in which posts are hidden, anew and on top of what there is, and search it."""
    secrets = secrets_of(hidden)
    new = cold(config)
    assert leaks(new, secrets) == []
    builds.build(config, min_share=0)
    assert leaks(tree(config.output), secrets) == []
    assert tree(config.output) == new
    everything = b"".join(new.values())
    for post in shown:
        assert (
            f"{mark_of(post)}text" not in post.text or f"{mark_of(post)}text".encode() in everything
        )


def forget_digests(path: Path) -> None:
    """Remove what version 1 of the format remembers."""
    text = path.read_text("utf-8")
    path.write_text(re.sub(r"^written: .*\n", "", text, flags=re.M), "utf-8")


@pytest.mark.parametrize(
    ("network", "at"),
    [
        ("bluesky", 0),
        pytest.param("mastodon", 1, marks=pytest.mark.slow),
        pytest.param("bluesky", 2, marks=pytest.mark.slow),
        pytest.param("mastodon", 0, marks=pytest.mark.slow),
        pytest.param("bluesky", 1, marks=pytest.mark.slow),
        pytest.param("mastodon", 2, marks=pytest.mark.slow),
    ],
)
def test_each_post_of_a_thread_hidden_in_turn_leaves_nothing(
    tmp_path: Path, network: str, at: int
) -> None:
    shapes = [(), *[(name,) for name in SHAPES], tuple(SHAPES)[:9]]
    threads = [
        tuple([shaped(3 * number + place, network, shape) for place in range(3)])
        for number, shape in enumerate(shapes)
    ]
    config = made(tmp_path, *threads)
    hidden = [posts[at] for posts in threads]
    builds.build(config)
    assert leaks(tree(config.output), secrets_of(hidden))
    for posts in threads:
        path = file_of(config, posts)
        hide(path, (posts[at],), SAY_HIDDEN[at])
        if at != 1:
            forget_digests(path)
    search(config, hidden, [p for posts in threads for p in posts if p not in hidden])


@pytest.mark.slow
@long_law
@given(st.data())
def test_any_posts_of_a_small_thread_leave_nothing(data: st.DataObject) -> None:
    network = data.draw(st.sampled_from(NETWORKS))
    shapes = st.sets(st.sampled_from(sorted(SHAPES)), max_size=4).map(sorted).map(tuple)
    drawn = data.draw(st.lists(st.tuples(shapes, st.booleans()), min_size=1, max_size=4))
    posts = tuple([shaped(at, network, shape) for at, (shape, _) in enumerate(drawn)])
    hidden = [post for post, (_, is_hidden) in zip(posts, drawn, strict=True) if is_hidden]
    with tempfile.TemporaryDirectory() as name:
        config = made(Path(name), posts)
        if data.draw(st.booleans()):
            builds.build(config)
        hide(file_of(config, posts), hidden, data.draw(st.sampled_from(SAY_HIDDEN)))
        if data.draw(st.booleans()):
            forget_digests(file_of(config, posts))
        search(config, hidden, [post for post in posts if post not in hidden])


@pytest.mark.parametrize("line", ["hide: true", "draft: true", "visibility: followers"])
def test_a_whole_thread_leaves_nothing(tmp_path: Path, line: str) -> None:
    posts = tuple([shaped(at, "bluesky", tuple(SHAPES)[:9]) for at in range(2)])
    config = made(tmp_path, posts)
    builds.build(config)
    path = file_of(config, posts)
    path.write_text(path.read_text("utf-8").replace("---\n", f"---\n{line}\n", 1), "utf-8")
    search(config, list(posts), [])


def test_smaller_copies_of_a_hidden_picture_go_too(tmp_path: Path) -> None:
    posts = tuple([shaped(at, "bluesky", ("media",)) for at in range(2)])
    config = made(tmp_path, posts)
    (tmp_path / "sitegen.toml").write_text(f"{TOML}image_widths = [40, 80]\n", "utf-8")
    config = settings.load(tmp_path / "sitegen.toml")
    for at, post in enumerate(posts):
        data = saved(picture((120, 60), seed=at + 1), "PNG")
        (config.content / (post.media[0].path or "")).write_bytes(data)
    builds.build(config)
    both = {name for name in tree(config.output) if name.endswith((".png", ".webp"))}
    hide(file_of(config, posts), posts[:1], SAY_HIDDEN[0])
    search(config, [posts[0]], [posts[1]])
    one = {name for name in tree(config.output) if name.endswith((".png", ".webp"))}
    assert len(both) == 2 * len(one) > 2
