"""What a post answers, reposts and quotes: told on its page, and brought up to date with it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from english import ENGLISH
from msgspec.structs import replace
from test_build import cold, site, thread
from trees import differences, tree

from sitegen.config import schema
from sitegen.content import store
from sitegen.content.archive_index import ArchiveIndex
from sitegen.content.format.draft import title_of
from sitegen.languages import site_language
from sitegen.model import Author, Card, Elsewhere, Media, Post, Profile, Thread
from sitegen.site import build as builds
from sitegen.site.views import titles
from sitegen.text import link_hosts

CY = Author("cy.example", "did:plc:cy", "Cy")


def answering(identity: str, *parents: str, elsewhere: tuple[Elsewhere, ...] = ()) -> Thread:
    """Return a thread of a post for each parent: an id, or "" for none."""
    posts = thread(identity, *(f"Words {n}" for n in range(len(parents)))).posts
    return Thread(
        posts[0].id,
        "bluesky",
        tuple(
            replace(post, reply_to=parent or None, elsewhere=elsewhere)
            for post, parent in zip(posts, parents, strict=True)
        ),
    )


def stubs(page: Path) -> list[str]:
    """Return the words of a page's stubs."""
    found = re.findall(r'<p class="stub">(.*?)</p>', page.read_text("utf-8"))
    return [re.sub(r"<[^>]*>", "", words) for words in found]


def test_a_parent_on_another_page_of_the_thread_is_no_stranger(tmp_path: Path) -> None:
    config = site(
        tmp_path,
        answering("a", "gone", "a0", "gone", "a0", "gone", "gone"),
        toml="[build]\nthread_size = 2\n",
    )
    builds.build(config)
    page = "thread/bluesky-a0"
    missing = "In reply to a post that is not in this archive"
    assert stubs(config.output / f"{page}.html") == [missing]
    assert stubs(config.output / f"{page}/2.html") == [missing]
    assert stubs(config.output / f"{page}/3.html") == [missing]  # once for both of its posts


def test_a_parent_that_comes_later_is_linked_on_every_page_that_tells_of_it(tmp_path: Path) -> None:
    elsewhere = Elsewhere("b0", "https://ada.example/b0", CY)
    config = site(tmp_path, answering("a", "b0", elsewhere=(elsewhere,)), thread("c", "Another"),
                  toml='[site]\nfront = ["posts", "replies"]\n')  # fmt: skip
    builds.build(config)
    pages = [config.output / name for name in ("index.html", "thread/bluesky-a0.html")]
    for page in pages:
        assert stubs(page) == ["In reply to a post by @cy.example that is not in this archive"]
        assert 'href="https://ada.example/b0"' in page.read_text("utf-8")
    store.write(store.merge(ArchiveIndex(config.content), (thread("b", "The parent", day=40),), ()))
    builds.build(config)
    for page in pages:
        assert stubs(page) == ["In reply to a post by @ada.example"]
        assert "https://ada.example/b0" not in page.read_text("utf-8")
    assert not differences(tree(config.output), cold(config))


@pytest.mark.parametrize("state", ["deleted", "blocked"])
def test_what_was_deleted_is_not_linked(tmp_path: Path, state: str) -> None:
    elsewhere = Elsewhere("b0", "https://ada.example/b0", CY, state)  # type: ignore[arg-type]
    config = site(tmp_path, answering("a", "b0", elsewhere=(elsewhere,)))
    builds.build(config)
    page = config.output / "thread/bluesky-a0.html"
    assert stubs(page) == [f"In reply to a post by @cy.example that was {state}"]
    assert ("https://ada.example/b0" in page.read_text("utf-8")) == (state == "blocked")


def reposting(**fields: Any) -> Post:
    return replace(
        Post("1", "bluesky", "", created_at="2024-01-01", repost_of="2"),
        **fields,
    )


@pytest.mark.parametrize(
    ("post", "title"),
    [
        (reposting(elsewhere=(Elsewhere("2", author=CY),)), "Repost of @cy.example"),
        (reposting(elsewhere=(Elsewhere("2", author=Author(name="Cy\nof\x00")),)), "Repost of Cy of\ufffd"),
        (reposting(elsewhere=(Elsewhere("3", author=CY),)), "Repost of another post"),
        (reposting(text="Fog"), "Fog"),
        (reposting(card=Card("A card")), "A card"),
        (reposting(media=(Media("image", alt="A moor"),)), "A moor"),
        (reposting(repost_of=None), "Post of 2024-01-01"),
    ],
)  # fmt: skip
def test_a_repost_has_a_title(post: Post, title: str) -> None:
    assert title_of(post) == title


def test_a_handle_keeps_its_direction_within_a_title() -> None:
    post = reposting(elsewhere=(Elsewhere("2", author=CY),))
    arabic = site_language.load(schema.Config(root=Path(), site=schema.Site(language="ar")))
    found = [titles.translate(title_of(post), post, each) for each in (ENGLISH, arabic)]
    assert found == ["Repost of @cy.example", "مشاركة من \u2068@cy.example\u2069"]


def test_the_title_of_a_repost_is_short() -> None:
    elsewhere = Elsewhere("2", author=Author("x" * 500))
    assert len(title_of(reposting(elsewhere=(elsewhere,)))) <= 70


def account(identity: str, handle: str, bio: str = "") -> Profile:
    return Profile(identity, "bluesky", handle, bio=bio)


def profile_pages(folder: Path, *profiles: Profile) -> dict[str, str]:
    """Build a site with one thread, signed with a handle; return the pages of its accounts."""
    config = site(folder, thread("a", "Fog"))
    store.write(store.merge(ArchiveIndex(config.content), (), profiles))
    builds.build(config)
    return {
        path.name: path.read_text("utf-8") for path in (config.output / "profile").glob("*.html")
    }


def test_a_handle_is_the_account_that_has_it(tmp_path: Path) -> None:
    alone, whole = account("ada.example", "ada.example", bio="Of fog"), account("1", "Ada.Example")
    pages = profile_pages(tmp_path, alone, whole)
    assert "Of fog" in pages["bluesky-1.html"]
    assert "thread/bluesky-a0.html" in pages["bluesky-1.html"]
    assert 'content="0; url=../profile/bluesky-1.html"' in pages["bluesky-ada.example.html"]
    listed = (tmp_path / "public/profiles.html").read_text("utf-8")
    assert listed.count('class="h-card"') == 1


def test_a_handle_that_two_accounts_had_is_neither(tmp_path: Path) -> None:
    pages = profile_pages(tmp_path, account("1", "ada.example"), account("2", "ada.example"))
    assert len(pages) == 3
    assert "thread/bluesky-a0.html" in pages["bluesky-ada.example.html"]


def test_an_account_with_anothers_handle_for_its_id_stays_itself(tmp_path: Path) -> None:
    pages = profile_pages(
        tmp_path, account("ada.example", "bo.example"), account("1", "ada.example")
    )
    assert len(pages) == 2
    assert "thread/bluesky-a0.html" in pages["bluesky-ada.example.html"]


@pytest.mark.parametrize(
    ("links", "card", "expected"),
    [
        (("https://bit.ly/a",), "https://moor.example/fog", ("moor.example",)),
        (("https://bit.ly/a",), None, ("bit.ly",)),
        (("https://bit.ly/a",), "https://t.co/b", ("bit.ly", "t.co")),
        (
            ("https://bit.ly/a", "https://t.co/b"),
            "https://moor.example/fog",
            ("bit.ly", "t.co", "moor.example"),
        ),
        (("https://www.dot.example./a",), None, ("dot.example",)),
        (("https://a.example/",), "https://moor.example/fog", ("a.example", "moor.example")),
    ],
)
def test_a_site_that_only_shortened_the_address_of_a_card_is_not_listed(
    links: tuple[str, ...], card: str | None, expected: tuple[str, ...]
) -> None:
    post = replace(thread("a", "Fog").posts[0], links=links, card=card and Card("Fog", "", card))
    assert link_hosts.hosts(post) == expected
