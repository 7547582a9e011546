"""Lines of listings: the quiet footer of a line has what is known of its post, and nothing else."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from test_build import ADA, cold, site
from trees import differences, tree

from sitegen.config.schema import Config
from sitegen.content import store
from sitegen.content.archive_index import ArchiveIndex
from sitegen.model import Author, Counts, Media, Post, Thread
from sitegen.site import build as builds

BEN = Author("ben.example", "did:plc:ben", "Ben")
OWN = '[site]\naccount = "ada.example"\nfront = ["posts", "threads", "reposts"]\n'
OF_ADA = "profile/bluesky-ada.example.html"
# In each language: a post with both counts, and a thread of nine posts.
FOOTERS = {
    "ar": ("12 إعجابًا · 3 ردود", "إعجاب واحد · سلسلة من 9 منشورات"),
    "de": ("12 Likes · 3 Antworten", "1 Like · Thread aus 9 Beiträgen"),
    "en": ("12 likes · 3 replies", "1 like · thread of 9 posts"),
    "es": ("12 me gusta · 3 respuestas", "1 me gusta · hilo de 9 publicaciones"),
    "fr": ("12 j’aime · 3 réponses", "1 j’aime · fil de 9 messages"),
    "ja": ("いいね12件 · 返信3件", "いいね1件 · 投稿9件のスレッド"),
}


def post(identity: str, likes: int | None = None, replies: int | None = None, **more: Any) -> Post:
    """Return a post with these counts."""
    counts = Counts(likes=likes, replies=replies)
    basics = {"network": "bluesky", "text": f"Fog {identity}", "author": ADA, "counts": counts}
    return Post(id=identity, **{**basics, "created_at": "2024-05-01T10:00:00Z", **more})


def thread_of(*posts: Post) -> Thread:
    """Return the thread of these posts, each of which answers the one before it."""
    answers = [replace(p, reply_to=before.id) for before, p in pairwise(posts)]
    return Thread(posts[0].id, "bluesky", (posts[0], *answers))


def nine(likes: int) -> Thread:
    """Return a thread of nine posts, of which a later one is liked more than the first."""
    return thread_of(post("t", likes), *(post(f"t{n}", 80 * n) for n in range(1, 9)))


def built(config: Config) -> dict[str, str]:
    """Build a site; return its pages."""
    builds.build(config)
    return {p: data.decode() for p, data in tree(config.output).items() if p.endswith(".html")}


def lines(page: str) -> dict[str, list[str]]:
    """Return what each line of a listing has below its words, by the id of its post."""
    listed = re.findall(r'<li class="line h-entry">(.*?)</li>', page, re.S)
    ids = [re.search(r"thread/bluesky-(\w+)\.html", line) for line in listed]
    below = [line.partition('class="line-title ')[2].partition("</a>")[2] for line in listed]
    return {
        match[1]: re.sub(r' ?href="[^"]*"', "", text).strip().splitlines()
        for match, text in zip(ids, below, strict=True)
        if match
    }


@pytest.mark.parametrize("language", FOOTERS)
def test_a_line_ends_with_the_likes_and_replies_of_its_post(tmp_path: Path, language: str) -> None:
    toml = f'{OWN}language = "{language}"\n'
    config = site(tmp_path, thread_of(post("p", 12, 3)), nine(1), toml=toml)
    of_post, of_thread = FOOTERS[language]
    assert lines(built(config)["date/2024-05.html"]) == {
        "p": [f'<p class="line-foot">{of_post}</p>'],
        "t": [f'<p class="line-foot">{of_thread}</p>'],
    }


def test_no_zero_is_shown_and_nothing_where_nothing_is_known(tmp_path: Path) -> None:
    pages = built(
        site(
            tmp_path,
            thread_of(post("zeros", 0, 0)),
            thread_of(post("unknown")),
            thread_of(post("liked", 2, 0)),
            thread_of(post("answered", 0, 1)),
            thread_of(post("repeated", 7, 7, text="", repost_of="gone")),
            toml=OWN,
        )
    )
    assert lines(pages["date/2024-05.html"]) == {
        "zeros": [],
        "unknown": [],
        "liked": ['<p class="line-foot">2 likes</p>'],
        "answered": ['<p class="line-foot">1 reply</p>'],
        "repeated": [],
    }
    front = pages["index.html"]
    assert re.findall(r"<p>(\d.*?)</p>", front) == ["1 reply", "2 likes"]


def test_a_footer_is_one_text_with_the_author_first(tmp_path: Path) -> None:
    media = (Media("audio", "media/owl.wav"), Media("audio", "media/bat.wav"))
    theirs = post("b", 4, 1, author=BEN, media=media, uncertain=("It may be another's.",))
    foot = (
        '<p class="line-foot"><a class="p-author h-card"><bdi class="p-name">Ben</bdi>'
        ' <bdi class="handle">@ben.example</bdi></a>'
        " · 4 likes · 1 reply · 2 attachments · uncertain</p>"
    )
    pages = built(site(tmp_path, thread_of(theirs), thread_of(post("p")), toml=OWN))
    assert lines(pages["date/2024-05.html"]) == {"b": [foot], "p": []}


def test_a_reply_within_a_thread_has_its_own_counts(tmp_path: Path) -> None:
    asked = post("a", 5, 2, author=BEN)
    answer = post("b", 3, 0, reply_to="a", created_at="2024-05-02T10:00:00Z")
    config = site(tmp_path, Thread("a", "bluesky", (asked, answer)), toml=OWN)
    assert lines(built(config)["replies.html"]) == {"b": ['<p class="line-foot">3 likes</p>']}


def test_new_counts_are_on_every_page_that_lists_the_post(tmp_path: Path) -> None:
    threads = [thread_of(post("p", 1)), nine(1), thread_of(post("q"))]
    config = site(tmp_path, *threads, toml=OWN)
    built(config)
    changed = [thread_of(post("p", 2, 5)), nine(4), thread_of(post("q", 1))]
    store.write(store.merge(ArchiveIndex(config.content), changed, ()))
    pages = built(config)
    assert lines(pages["date/2024-05.html"]) == lines(pages[OF_ADA]) == {
        "p": ['<p class="line-foot">2 likes · 5 replies</p>'],
        "q": ['<p class="line-foot">1 like</p>'],
        "t": ['<p class="line-foot">4 likes · thread of 9 posts</p>'],
    }  # fmt: skip
    assert not differences(tree(config.output), cold(config))
