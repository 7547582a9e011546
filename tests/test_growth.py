"""Twice the input makes twice the site and twice the work, whatever there is twice as much of."""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from calls import count_calls
from msgspec.structs import replace
from test_build import ADA, site

from sitegen.config import settings as configs
from sitegen.content import store
from sitegen.content.archive_index import ArchiveIndex
from sitegen.model import Author, Card, Media, Poll, PollOption, Post, Profile, Thread, Version
from sitegen.site import build as builds
from sitegen.text.facets import locate

pytestmark = pytest.mark.slow

MOST = 2.2  # what is added for twice as much, next to what was added before
# The same for calls, some of which the caches save that other tests of this process have filled,
# most of them those of the smaller builds. Work that grows with the square makes it 4.
MOST_CALLS = 2.5
FEW = 25


def post(number: int = 0, text: str = "Fog on the moor", **fields: Any) -> Post:
    """Return an invented post."""
    day = f"2024-{1 + number // 28 % 12:02}-{1 + number % 28:02}T10:00:00Z"
    found = Post(id=f"p{number}", network="bluesky", text=text, author=ADA, created_at=day)
    reply = {"reply_to": "p0"} if number and not fields.get("quote_of") else {}
    return replace(found, **reply, **fields)


def one(**fields: Any) -> list[Thread]:
    """Return a thread of one post."""
    found = post(**fields)
    return [Thread(found.id, found.network, (found,))]


def long(posts: list[Post]) -> list[Thread]:
    """Return a thread of these posts."""
    return [Thread(posts[0].id, posts[0].network, tuple(posts))]


def tagged(count: int, **fields: Any) -> list[Thread]:
    """Return a post with so many tags in its text."""
    tags = tuple(f"t{n}" for n in range(count))
    text = " ".join(f"#{tag}" for tag in tags)
    return one(text=text, tags=tags, facets=locate(text, (), (), tags), **fields)


def mentioning(count: int) -> list[Thread]:
    """Return a post that mentions so many people."""
    people = tuple(f"p{n}.example" for n in range(count))
    text = " ".join(f"@{name}" for name in people)
    return one(text=text, mentions=people, facets=locate(text, (), people, ()))


def linking(count: int) -> list[Thread]:
    """Return a post that links to so many sites, shown without their schemes."""
    links = tuple(f"https://h{n}.example/a" for n in range(count))
    text = " ".join(link.removeprefix("https://") for link in links)
    return one(text=text, links=links, facets=locate(text, links, (), ()))


def quoting(count: int) -> list[Thread]:
    """Return a long post that so many others quote."""
    long_one = one(text="Words of fog. " * count)
    others = [post(n, quote_of="p0") for n in range(1, count + 1)]
    return [*long_one, *(Thread(p.id, p.network, (p,)) for p in others)]


def mixed(count: int) -> list[Thread]:
    """Return a post with so many tags that everything else hangs on, as much of it."""
    words = "Fog and rain. " * count
    media = [Media("image", f"media/{n}.png", f"Hill {n}") for n in range(count)]
    return tagged(
        count, media=tuple(media), warning=words, card=Card(words, words, "https://a.example/"),
        author=Author("ada.example", None, "Ada " * count), uncertain=(words,),
        history=tuple(Version(f"Fog {n}") for n in range(count)),
        poll=Poll(tuple(PollOption(f"Hill {n}") for n in range(count))),
        langs=tuple(f"x-{n}" for n in range(count)),
    )  # fmt: skip


KINDS: dict[str, Callable[[int], list[Thread]]] = {
    "tags of a post": tagged,
    "posts with a tag each": lambda n: long([post(i, tags=(f"t{i}",)) for i in range(n)]),
    "people in a post": mentioning,
    "links in a post": linking,
    "writers in a thread": lambda n: long(
        [post(i, author=Author(f"a{i}.example")) for i in range(n)]
    ),
    "posts that quote a long one": quoting,
    "all that hangs on a post": mixed,
    "a long tag among others": lambda n: one(tags=("x" * 9 * n, *(f"t{i}" for i in range(n)))),
    "years": lambda n: [
        Thread(f"p{i}", "bluesky", (replace(post(i), created_at=f"{1500 + i}-05-01"),))
        for i in range(n)
    ],
    "tags without a place in the text": lambda n: one(tags=tuple(f"t{i}" for i in range(n))),
    "threads": lambda n: [Thread(f"p{i}", "bluesky", (post(i),)) for i in range(n)],
}


def wordy(count: int) -> Profile:
    """Return a profile with so many words and links, which has more pages with more threads."""
    details = tuple((f"Hill {n}", f"https://h{n}.example/") for n in range(count))
    about = Profile(ADA.id or "ada.example", "bluesky", "ada.example", "Ada " * count)
    return replace(about, bio="Fog and rain. " * 9 * count, details=details, pinned="p0")


def own_pages(folder: Path, count: int) -> None:
    """Write so many pages of one's own."""
    folder.mkdir()
    for number in range(count):
        (folder / f"{number}.md").write_text(f"# Page {number}\n\nFog\n", "utf-8")


FRONT = '[site]\nfront = ["posts", "threads", "replies"]\n'


def profile_pages(site_folder: Path) -> dict[str, str]:
    """Return the pages of profiles by their paths."""
    folder = site_folder / "profile"
    pages = {path: path.read_text("utf-8") for path in folder.rglob("*.html")}
    return {
        path.relative_to(folder).as_posix(): text
        for path, text in pages.items()
        if '<body class="kind-profile">' in text
    }


def built(
    folder: Path, threads: list[Thread], title: str = "", about: Profile | None = None,
    pages: int = 0,
) -> tuple[int, int]:  # fmt: skip
    """Build a site; return how many bytes it has, and how many calls it took."""
    folder.mkdir()
    config = site(folder, *threads, toml=f"[build]\njobs = 1\nimage_sizes = false\n{FRONT}")
    store.write(store.merge(ArchiveIndex(config.content), (), (about,) if about else ()))
    own_pages(config.content / "pages", pages)
    if title:
        path = next(config.content.rglob("*.md"))
        text = path.read_text("utf-8").replace("title:", f'title: "{title}"\nold:', 1)
        path.write_text(text, "utf-8")
    gc.collect()  # what other tests left is not the work of this build
    gc.disable()
    try:
        calls = count_calls(builds.build, config)
    finally:
        gc.enable()
    return sum(p.stat().st_size for p in config.output.rglob("*") if p.is_file()), calls


@pytest.fixture(scope="module", autouse=True)
def warm(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Build once, so that what is loaded and compiled at the first time is no one's work."""
    built(tmp_path_factory.mktemp("warm") / "a", mixed(2), about=wordy(2), pages=13)


QUICK = ("all that hangs on a post", "threads")
LONG = [pytest.param(kind, marks=pytest.mark.slow) for kind in KINDS if kind not in QUICK]


@pytest.mark.slow
@pytest.mark.parametrize("kind", [*QUICK, *LONG])
def test_twice_as_much_makes_twice_the_site_and_the_work(tmp_path: Path, kind: str) -> None:
    found = [built(tmp_path / str(n), KINDS[kind](n)) for n in (FEW, 2 * FEW, 4 * FEW)]
    (bytes_1, calls_1), (bytes_2, calls_2), (bytes_4, calls_4) = found
    assert (bytes_4 - bytes_2) / (bytes_2 - bytes_1) <= MOST, found
    assert (calls_4 - calls_2) / (calls_2 - calls_1) <= MOST_CALLS, found


def single(count: int) -> list[Thread]:
    """Return so many threads of one post."""
    return KINDS["threads"](count)


@pytest.mark.parametrize(
    "kind", [pytest.param("a profile and its threads", marks=pytest.mark.slow), "own pages"]
)
def test_what_is_on_every_page_is_bounded(tmp_path: Path, kind: str) -> None:
    def made(count: int) -> tuple[int, int]:
        if kind == "own pages":
            return built(tmp_path / str(count), one(), pages=count)
        return built(tmp_path / str(count), single(count), about=wordy(count))

    (bytes_1, calls_1), (bytes_2, calls_2), (bytes_4, calls_4) = map(made, (30, 60, 120))
    assert (bytes_4 - bytes_2) / (bytes_2 - bytes_1) <= MOST
    assert (calls_4 - calls_2) / (calls_2 - calls_1) <= MOST_CALLS


def test_a_long_profile_is_whole_on_its_first_page_and_begins_on_the_others(
    tmp_path: Path,
) -> None:
    built(tmp_path / "a", single(200), about=wordy(40))
    pages = profile_pages(tmp_path / "a/public")
    first = pages.pop("bluesky-ada.example.html")
    assert "https://h39.example/" in first
    assert first.count("Fog and rain.") == 9 * 40
    assert "The rest of this profile" not in first
    assert pages
    for text in pages.values():
        assert "https://h39.example/" not in text
        assert 30 < text.count("Fog and rain.") < 40
        assert text.count("The rest of this profile") == 1
        assert "profile/bluesky-ada.example.html" in text.partition("The rest of")[0][-80:]


def test_a_short_profile_is_the_same_on_all_its_pages(tmp_path: Path) -> None:
    about = replace(wordy(1), bio="Fog and rain.")
    built(tmp_path / "a", single(200), about=about)
    texts = profile_pages(tmp_path / "a/public").values()
    assert len(texts) > 2
    assert all(text.count("Fog and rain.") == 1 for text in texts)
    assert not [text for text in texts if "The rest of this profile" in text]


@pytest.mark.parametrize("count", [12, 13])
def test_the_menu_has_twelve_own_pages_and_a_way_to_all(tmp_path: Path, count: int) -> None:
    built(tmp_path / "a", one(), pages=count - 1)
    (tmp_path / "a/content/zoo.md").write_text("# The zoo\n")
    (tmp_path / "a/content/hidden.md").write_text("---\nnav: false\n---\n\n# Unlisted\n")
    builds.build(configs.load(tmp_path / "a/sitegen.toml"))
    index = (tmp_path / "a/public/index.html").read_text("utf-8")
    menu = index.partition('<nav aria-label="Site">')[2].partition("</nav>")[0]
    names = [item.partition("</a>")[0].rpartition(">")[2] for item in menu.split("<li>")[1:]]
    own = [name for name in names if name not in ("Search", "Dates", "Profiles")]
    assert own[0] == "The zoo"
    assert own[12:] == ["All pages"] * (count - 12)
    path = tmp_path / "a/public/all-pages.html"
    assert path.exists() == (count > 12)
    assert not path.exists() or path.read_text("utf-8").count("<bdi>Page ") == count - 1
    assert not path.exists() or "Unlisted" not in path.read_text("utf-8")


def test_a_long_title_is_on_its_own_page_whole_and_nowhere_else(tmp_path: Path) -> None:
    title = "Fog and rain " * 100
    built(tmp_path / "a", tagged(3), title)
    whole = [
        path.name
        for path in (tmp_path / "a/public").rglob("*")
        if path.is_file() and title.strip() in path.read_text("utf-8", "replace")
    ]
    assert whole == ["bluesky-p0.html"]
