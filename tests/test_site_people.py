"""Whose site it is: one person with several accounts, an institution of several people, or nobody."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from media.pictures import picture, saved
from msgspec.structs import replace
from test_build import cold, site
from trees import differences, tree

from sitegen.config import settings as configs
from sitegen.config.schema import Config
from sitegen.content import store
from sitegen.content.archive_index import ArchiveIndex
from sitegen.errors import SitegenError
from sitegen.model import Author, Elsewhere, Media, Post, Profile, Thread
from sitegen.site import build as builds

ADA = Author("ada.example", "did:plc:ada", "Ada B.")
ADA_M = Author("ada@social.example", "https://social.example/ada", "ada")
ADA_X = Author("ada", None, "Ada")
BEN = Author("ben.example", "did:plc:ben", "Ben Lowe")
CY = Author("cy.example", "did:plc:cy", "Cy")
ONE_PERSON = """
[[people]]
name = "Ada Brook"
accounts = ["@ada.example", "mastodon:ada@social.example", "x:ada"]
"""
INSTITUTION = """
[site]
title = "Fennick Moor"
description = "What the sky did."

[[people]]
name = "Ada Brook"
accounts = ["ada.example", "ada@social.example"]

[[people]]
name = "Ben Lowe"
accounts = ["did:plc:ben"]
"""


def by(author: Author, network: str, count: int) -> list[Thread]:
    posts = [
        Post(f"{author.handle}{n}", network, f"Fog {n}.", f"2024-0{1 + n}-01T10:00:00Z", author)
        for n in range(count)
    ]
    return [Thread(post.id, network, (post,)) for post in posts]


def profile(author: Author, network: str, bio: str, url: str | None = None) -> Profile:
    identity = author.id or author.handle or ""
    return Profile(identity, network, author.handle, author.name, bio=bio, url=url)


PROFILES = (
    profile(ADA, "bluesky", bio="I watch clouds.", url="https://bsky.example/ada"),
    profile(ADA_M, "mastodon", bio="Clouds, in long.", url="https://social.example/@ada"),
    profile(BEN, "bluesky", bio="Bats."),
)


def archive(folder: Path, toml: str, *threads: Thread) -> Config:
    store.write(store.merge(ArchiveIndex(folder / "content"), threads, PROFILES))
    (folder / "sitegen.toml").write_text(toml, "utf-8")
    return configs.load(folder / "sitegen.toml")


def built(config: Config) -> dict[str, str]:
    builds.build(config)
    return {name: data.decode("utf-8", "replace") for name, data in tree(config.output).items()}


def everybody() -> list[Thread]:
    return [
        *by(ADA, "bluesky", 3), *by(ADA_M, "mastodon", 2), *by(ADA_X, "x", 1), *by(BEN, "bluesky", 2),
        *by(CY, "bluesky", 1),
    ]  # fmt: skip


def test_a_person_with_several_accounts_has_one_name_and_one_page(tmp_path: Path) -> None:
    pages = built(archive(tmp_path, ONE_PERSON, *everybody()))
    home = pages["profile/ada-brook.html"]
    assert '<h1 class="p-name"><bdi>Ada Brook</bdi></h1>' in home
    assert home.count('<li class="line h-entry">') == 6
    assert [*re.findall(r'<bdi class="handle">@([^<]*)</bdi>', home)][:3] == [
        "ada.example", "ada@social.example", "ada",
    ]  # fmt: skip
    assert "I watch clouds." in home
    assert "Clouds, in long." in home
    for account in ("bluesky-did-plc-ada", "mastodon-https-social-example-ada", "x-ada"):
        (name,) = [n for n in pages if re.fullmatch(rf"profile/{account}(-\w+)?\.html", n)]
        assert 'url=../profile/ada-brook.html"' in pages[name]
    assert pages["index.html"].count("Ada Brook") >= 1
    assert "<title>Ada Brook</title>" in pages["index.html"]


def test_a_persons_name_is_on_their_posts_which_link_to_their_page(tmp_path: Path) -> None:
    pages = built(archive(tmp_path, ONE_PERSON, *everybody()))
    thread = pages["thread/x-ada0.html"]
    assert (
        '<a class="p-author h-card" href="../profile/ada-brook.html"><bdi class="p-name">Ada Brook</bdi>'
        in thread
    )
    assert "<name>Ada Brook</name>" in pages["feed.xml"]
    listing = pages["date/2024-01.html"]
    assert "p-author" in listing
    assert re.findall(r'<bdi class="p-name">([^<]*)<', listing) == ["Ben Lowe", "Cy"]
    assert "Ben Lowe" in listing


def test_feeds_of_accounts_stay_where_they_were(tmp_path: Path) -> None:
    plain = {
        n for n in built(archive(tmp_path / "a", "", *everybody())) if n.startswith("profile/")
    }
    pages = built(archive(tmp_path / "b", ONE_PERSON, *everybody()))
    assert plain - pages.keys() == set()
    (feed,) = [n for n in pages if n.startswith("profile/mastodon") and n.endswith(".xml")]
    assert pages[feed].count("<entry>") == 2
    assert pages["profile/ada-brook.xml"].count("<entry>") == 6


def of_all_kinds(author: Author, network: str) -> list[Thread]:
    """Return posts of every kind by an account, more than fit on two pages of two each."""
    name = author.handle or ""
    kinds: dict[str, dict[str, Any]] = {
        "plain": {},
        "answer": {"reply_to": "gone", "elsewhere": (Elsewhere("gone", author=CY),)},
        "repost": {"repost_of": "gone", "text": ""},
        "picture": {"media": (Media("image", "media/fog.png"),)},
    }
    posts = [
        Post(
            f"{name}-{kind}{n}", network, created_at=f"2024-0{1 + n}-02T10:00:00Z", author=author,
            **{"text": f"{kind} {n}.", **fields},
        )
        for kind, fields in kinds.items()
        for n in range(6)
    ]  # fmt: skip
    long = [replace(posts[0], id=f"{name}-long{n}") for n in range(2)]
    long[1] = replace(long[1], reply_to=long[0].id)
    threads = [Thread(post.id, network, (post,)) for post in posts]
    return [*threads, Thread(long[0].id, network, tuple(long))]


SMALL = "[build]\npage_size = 2\njobs = 1\n"


def targets(pages: dict[str, str], former: set[str]) -> dict[str, str]:
    """Return the site paths to which former pages of Ada's accounts redirect, by their own."""
    refresh = r'http-equiv="refresh" content="0; url=(?:\.\./)*([^"]*)"'
    assert former - pages.keys() == set()
    html = [path for path in former if re.match(r"profile/\w+-[^/]*ada.*\.html", path)]
    return {path: match[1] for path in html for match in re.finditer(refresh, pages[path])}


def leads_on_to(home: str, path: str) -> str:
    """Return the page of the account or person `home` that has what a former page had."""
    below = path.removesuffix(".html").split("/")[2:]
    name = "".join([part for part in below if not part.isdigit()])
    return f"{home}/{name}.html" if name else f"{home}.html"


def test_all_pages_of_accounts_lead_on_to_those_of_the_person(tmp_path: Path) -> None:
    threads = [*of_all_kinds(ADA, "bluesky"), *of_all_kinds(ADA_M, "mastodon")]
    config = archive(tmp_path, SMALL, *threads)
    (config.content / "media").mkdir()
    (config.content / "media/fog.png").write_bytes(saved(picture(), "PNG"))
    alone = {path for path in built(config) if re.match(r"profile/.*\.(html|xml)", path)}
    (config.root / "sitegen.toml").write_text(ONE_PERSON + SMALL, "utf-8")
    config = configs.load(config.root / "sitegen.toml")
    pages = built(config)
    moved = targets(pages, alone)
    kinds = {path.rpartition("/")[2] for path in moved}
    assert {"posts.html", "threads.html", "replies.html", "pictures.html", "2.html"} <= kinds
    insights = {path for path in moved if path.endswith("/insights.html")}
    assert {moved.pop(path) for path in insights} == {"insights.html"}  # hers are the site's
    assert moved == {path: leads_on_to("profile/ada-brook", path) for path in moved}
    assert len(insights) == 2
    assert len(moved) + 2 == len([path for path in alone if "ada" in path and "html" in path])
    assert targets(pages, {*moved.values()}) == {}
    assert differences(tree(config.output), cold(config)) == []


def test_all_pages_of_an_account_lead_on_when_its_id_comes_to_be_known(tmp_path: Path) -> None:
    config = site(tmp_path, *of_all_kinds(replace(ADA, id=None), "bluesky"), toml=SMALL)
    before = {path for path in built(config) if re.match(r"profile/.*\.html", path)}
    store.write(store.merge(ArchiveIndex(config.content), (), PROFILES[:1]))
    pages = built(config)
    moved = targets(pages, before)
    (home,) = [path for path in pages if re.fullmatch(r"profile/bluesky-did-[^/]*\.html", path)]
    assert moved == {path: leads_on_to(home.removesuffix(".html"), path) for path in moved}
    assert len(moved) == len(before) > 9
    assert differences(tree(config.output), cold(config)) == []


def test_a_person_with_one_account_has_its_page(tmp_path: Path) -> None:
    toml = '[[people]]\nname = "Ben the Bat"\naccounts = ["ben.example"]\n'
    pages = built(archive(tmp_path, toml, *everybody()))
    (name,) = [n for n in pages if re.fullmatch(r"profile/bluesky-did-plc-ben-\w+\.html", n)]
    assert '<h1 class="p-name"><bdi>Ben the Bat</bdi></h1>' in pages[name]
    assert "profile/ben-the-bat.html" not in pages
    assert "<title>Ben the Bat</title>" in pages["index.html"]


def test_an_institution_has_a_neutral_front_page(tmp_path: Path) -> None:
    config = archive(tmp_path, INSTITUTION, *everybody())
    (config.content / "index.md").write_text(
        "We *look up* on [clear nights](https://sky.example/).\n", "utf-8"
    )
    pages = built(config)
    index = pages["index.html"]
    assert '<h1 class="p-name"><bdi>Fennick Moor</bdi></h1>' in index
    assert '<p class="lede" dir="auto">What the sky did.</p>' in index
    assert "We <em>look up</em> on " in index
    head = index.partition('<div class="timeline">')[0]
    assert "I watch clouds." not in head
    assert [*re.findall(r'<bdi>([^<]*)</bdi></a> <span class="count">([^<]*)<', head)] == [
        ("Ada Brook", "5 threads"), ("Ben Lowe", "2 threads"),
    ]  # fmt: skip
    assert index.count('<p class="byline">') == 7  # two posts are by others
    assert "9 posts in 9 threads, 2024" in index
    assert "index.md" not in str(pages.keys())


def test_nobody_owns_an_archive_of_several_accounts_unless_one_wrote_nearly_all(
    tmp_path: Path,
) -> None:
    busy = [*by(ADA, "bluesky", 6), *by(BEN, "bluesky", 2), *by(CY, "bluesky", 1)]
    index = built(archive(tmp_path / "a", "", *busy))["index.html"]
    assert "<title>Archive</title>" in index
    assert "I watch clouds." not in index
    index = built(archive(tmp_path / "b", "", *by(ADA, "bluesky", 8), *by(CY, "bluesky", 2)))[
        "index.html"
    ]
    assert "<title>Ada B.</title>" in index
    index = built(archive(tmp_path / "c", '[site]\naccount = "ben.example"\n', *busy))["index.html"]
    assert "<title>Ben Lowe</title>" in index


def test_an_account_that_is_not_there_is_warned_of(tmp_path: Path) -> None:
    toml = '\n[[people]]\nname = "Ben"\naccounts = ["bne.example", "x:ben"]\n'
    report = builds.build(archive(tmp_path, toml, *everybody()))
    assert [w.replace(f"{tmp_path}/", "") for w in report.warnings] == [
        "sitegen.toml:2: Ben has no account bne.example in this archive; do you mean ben.example?",
        "sitegen.toml:2: Ben has no account x:ben in this archive",
    ]


def test_an_owner_that_is_not_there_is_warned_of(tmp_path: Path) -> None:
    report = builds.build(
        archive(tmp_path / "a", '[site]\naccount = "bne.example"\n', *everybody())
    )
    assert [w.replace(f"{tmp_path}/", "") for w in report.warnings] == [
        "a/sitegen.toml: [site] account: there is no account bne.example in this archive; do you mean ben.example?",
    ]
    toml = '[site]\naccount = "@Ben.example"\n'
    assert not builds.build(archive(tmp_path / "b", toml, *everybody())).warnings
    assert not builds.build(archive(tmp_path / "c", '[site]\naccount = "ada.example"\n')).warnings


NAMESAKES = """[[people]]
name = "Ada Brook"
accounts = ["ada.example", "mastodon:ada@social.example"]

[[people]]
name = "Ada Brook"
accounts = ["ben.example", "cy.example"]
"""


def test_two_people_with_one_name_have_pages_of_their_own(tmp_path: Path) -> None:
    pages = built(archive(tmp_path, f'{NAMESAKES}slug = "ada-brook-chemist"\n', *everybody()))
    for page, threads in (("ada-brook", 5), ("ada-brook-chemist", 3)):
        home = pages[f"profile/{page}.html"]
        assert '<h1 class="p-name"><bdi>Ada Brook</bdi></h1>' in home
        assert home.count('<li class="line h-entry">') == threads
        assert pages[f"profile/{page}.xml"].count("<entry>") == threads
        assert f'<a class="p-name u-url" href="profile/{page}.html"' in pages["index.html"]
    (name,) = [n for n in pages if n.startswith("thread/bluesky-cy.example0")]
    assert 'class="p-author h-card" href="../profile/ada-brook-chemist.html"' in pages[name]


def test_people_who_would_have_one_page_are_told_to_choose_a_slug(tmp_path: Path) -> None:
    with pytest.raises(SitegenError) as error:
        builds.build(archive(tmp_path, NAMESAKES, *everybody()))
    assert str(error.value).replace(f"{tmp_path}/", "") == (
        "sitegen.toml:5: error: Ada Brook would have the page of Ada Brook in line 1. hint: give one"
        ' of the two a slug, their page\'s name, like slug = "ada-brook-2".'
    )


def test_a_slug_names_the_page_of_a_person_with_one_account(tmp_path: Path) -> None:
    toml = '[[people]]\nname = "Ben"\naccounts = ["ben.example"]\nslug = "ben-of-the-bats"\n'
    pages = built(archive(tmp_path, toml, *everybody()))
    home = pages["profile/ben-of-the-bats.html"]
    assert home.count('<li class="line h-entry">') == 2
    (name,) = [n for n in pages if re.fullmatch(r"profile/bluesky-did-plc-ben-\w+\.html", n)]
    assert 'url=../profile/ben-of-the-bats.html"' in pages[name]


def test_a_handle_that_several_accounts_have_is_warned_of(tmp_path: Path) -> None:
    again = Author("ada", "did:plc:ada2", "Ada")
    threads = [
        *by(ADA_X, "x", 1), *by(replace(ADA_X, id="7"), "mastodon", 1), *by(again, "bluesky", 1),
        *by(replace(again, handle="ADA", id="did:plc:ada3"), "bluesky", 1), *by(BEN, "bluesky", 1),
    ]  # fmt: skip
    toml = '[[people]]\nname = "Ada"\naccounts = ["@Ada", "ben.example"]\n'
    config = archive(tmp_path, toml, *threads)
    assert [w.replace(f"{tmp_path}/", "") for w in builds.build(config).warnings] == [
        "sitegen.toml:1: Ada has 4 accounts by the name @Ada: bluesky:did:plc:ada2,"
        " bluesky:did:plc:ada3, mastodon:ada, x:ada; list those that are Ada's",
    ]
    clear = toml.replace('"@Ada"', '"x:ada", "did:plc:ada3"')
    assert builds.build(archive(tmp_path, clear)).warnings == ()


@pytest.mark.parametrize(
    ("toml", "expected"),
    [
        ("people = 3\n", "1: error: people must be a list of tables. hint: write [[people]], with"
         ' lines like name = "Ada" and accounts = ["ada.example"].'),
        ("\n[[people]]\n", '2: error: [[people]] needs a name. hint: write it like name = "Ada Brook".'),
        ('[[people]]\nname = "A"\n', "1: error: [[people]] needs accounts. hint: write them like"
         ' accounts = ["ada.example", "x:ada"].'),
        ('[[people]]\nname = "A"\nacounts = []\n', "1: error: [[people]] has the unknown key acounts."
         " hint: there is: name, accounts, portrait, slug."),
        ('[[people]]\nname = "Ada B"\naccounts = ["a"]\nslug = "Ada/B"\n', "1: error: [[people]] slug"
         ' must be a part of an address. hint: write it like slug = "ada-b".'),
        ('[[people]]\nname = "Ada B"\naccounts = ["a"]\nslug = 3\n', "1: error: [[people]] slug"
         ' must be a part of an address. hint: write it like slug = "ada-b".'),
        ('[[people]]\nname = "A"\naccounts = ["a"]\n\n[[people]]\nname = "B"\naccounts = ["@A"]\n',
         "5: error: the account a is listed twice. hint: it belongs to A already."),
        ('[site]\naccount = "a"\n[[people]]\nname = "A"\naccounts = ["a"]\n',
         "3: error: [site] account and [[people]] both state whose site it is."
         " hint: add the account to a person, and remove [site] account."),
    ],
)  # fmt: skip
def test_mistakes_in_people_are_named_with_their_lines(toml: str, expected: str) -> None:
    with pytest.raises(SitegenError) as error:
        configs.parse(toml, Path("sitegen.toml"))
    assert str(error.value) == f"sitegen.toml:{expected}"


def test_a_portrait_is_any_picture_of_the_content_folder(tmp_path: Path) -> None:
    config = archive(tmp_path, f'{ONE_PERSON}portrait = "img/ada.png"\n', *everybody())
    warning = "sitegen.toml:2: there is no img/ada.png; no portrait is shown"
    assert builds.build(config).warnings[-1].endswith(warning)
    (config.content / "img").mkdir()
    (config.content / "img" / "ada.png").write_bytes(saved(picture(), "PNG"))
    pages = built(config)
    assert '<img class="avatar u-photo" src="../img/ada.png"' in pages["profile/ada-brook.html"]
    assert "img/ada.png" in pages
    (config.content / "img" / "ada.png").write_bytes(b"<html>")
    warnings = "\n".join(builds.build(config).warnings)
    assert "not a picture to be published: img/ada.png" in warnings
    assert differences(tree(config.output), cold(config)) == []


def test_an_account_of_two_people_is_an_error(tmp_path: Path) -> None:
    toml = ONE_PERSON + '[[people]]\nname = "Bea"\naccounts = ["did:plc:ada"]\n'
    with pytest.raises(SitegenError) as error:
        builds.build(archive(tmp_path, toml, *everybody()))
    assert str(error.value).replace(f"{tmp_path}/", "") == (
        "sitegen.toml:5: error: Bea has an account that is Ada Brook's already."
        " hint: an account may have several names: remove it from one of the two."
    )


def test_each_account_of_a_person_keeps_its_facts_and_its_warning(tmp_path: Path) -> None:
    second = Profile(
        ADA_M.id or "", "mastodon", ADA_M.handle, "ada", bio="Spiders, in long.", warning="spiders",
        website="https://second.example/", details=(("Boots", "38"),),
    )  # fmt: skip
    store.write(store.merge(ArchiveIndex(tmp_path / "content"), everybody(), (PROFILES[0], second)))
    (tmp_path / "sitegen.toml").write_text(ONE_PERSON, "utf-8")
    home = built(configs.load(tmp_path / "sitegen.toml"))["profile/ada-brook.html"]
    head, _, folded = home.partition('<details class="warning">')
    assert "I watch clouds." in head
    folded = folded.partition("</details>")[0]
    for words in ("spiders", "Spiders, in long.", "second.example", "Boots", "38"):
        assert words in folded
        assert words not in head


def test_one_of_two_people_alone_is_still_not_the_owner(tmp_path: Path) -> None:
    toml = ONE_PERSON + '[[people]]\nname = "Dee"\naccounts = ["dee.example"]\n'
    index = built(archive(tmp_path, toml, *everybody()))["index.html"]
    assert "<title>Archive</title>" in index
    assert '<ul class="institution">' in index


def test_without_pages_of_profiles_nothing_leads_to_them(tmp_path: Path) -> None:
    config = archive(tmp_path, INSTITUTION + "\n[build]\nprofile_pages = false\n", *everybody())
    pages = built(config)
    assert not [
        name for name, text in pages.items() if 'href="profile/' in text or "../profile/" in text
    ]


def test_people_come_and_go_as_in_a_first_build(tmp_path: Path) -> None:
    config = archive(tmp_path, "", *everybody())
    intro = config.content / "index.md"
    for toml in ("", ONE_PERSON, INSTITUTION, ""):
        (tmp_path / "sitegen.toml").write_text(toml, "utf-8")
        config = configs.load(tmp_path / "sitegen.toml")
        builds.build(config)
        assert differences(tree(config.output), cold(config)) == []
        intro.write_text(f"# {len(toml)}\n", "utf-8")
        builds.build(config)
        assert differences(tree(config.output), cold(config)) == []
    intro.unlink()
    builds.build(config)
    assert differences(tree(config.output), cold(config)) == []
