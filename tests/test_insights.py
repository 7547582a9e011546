"""The archive in figures and charts: every number is that of the posts that are shown.

`pytest tests/test_insights.py --refresh` writes the expected pages and tables anew; read the diff.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import accumulate, pairwise
from pathlib import Path
from typing import NamedTuple

import html5lib
import pytest
from english import ENGLISH
from hypothesis import example, given
from hypothesis import strategies as st
from test_build import cold, site
from test_long_threads import dead
from trees import differences, replace, tree

from sitegen.config import settings as configs
from sitegen.config.schema import Config
from sitegen.content import store
from sitegen.content.archive_index import ArchiveIndex
from sitegen.model import Author, Counts, Elsewhere, Media, Post, Profile, Thread
from sitegen.site import build as builds
from sitegen.site.outputs.csv_files import csv_file
from sitegen.site.plan.insights import power_law
from sitegen.site.plan.insights.over_time import MAX_MONTHS
from sitegen.site.plan.insights.periods import periods
from sitegen.site.plan.insights.scales import share
from sitegen.site.views.insights.contexts import CsvContext
from sitegen.topics import found_file, own_file
from sitegen.topics.found_file import Recorded
from sitegen.topics.topic import Topic

EXPECTED = Path(__file__).parent / "insights"
ADA = Author("ada.example", None, "Ada")
BO = Author("bo.example", None, "Bo")
SETTINGS = (
    '[site]\naccount = "ada.example"\n[build]\njobs = 1\nimage_sizes = false\n'
    "post_pages = false\nday_pages = false\nsite_feeds = false\ntag_feeds = false\nprofile_feeds = false\n"
)
TIME = "insights/time.csv"
# What posts are about; two are of more posts by Ada than a topic needs, "seal" is of a few.
TOPICS = (
    Topic("harbour ferry", ("harbour ferry",)), Topic("seaweed", ("seaweed",), ("w2",)),
    Topic("telescope", ("telescope",)), Topic("seal", ("seal",)),
)  # fmt: skip
SUBJECTS = ("", " on the harbour ferry", " with seaweed", " in the telescope", " and a telescope")
START = datetime(2021, 11, 3, 7, 30, tzinfo=UTC)


def post(identity: str, when: datetime | None, **more: object) -> Post:
    """Return a post by Ada."""
    fields: dict[str, object] = {"network": "bluesky", "text": f"Fog {identity}", "author": ADA}
    time = when.isoformat() if when else None
    return Post(**{"id": identity, "created_at": time, **fields, **more})  # type: ignore[arg-type]


def single(identity: str, when: datetime | None, **more: object) -> Thread:
    """Return a thread of one post by Ada."""
    root = post(identity, when, **more)
    return Thread(identity, root.network, (root,))


def archive() -> list[Thread]:
    """Return an archive with something for every chart."""
    threads = []
    stranger = [
        Elsewhere(f"gone{n}", author=Author(f"p{n % 4}.example", None, None)) for n in range(16)
    ]
    for n in range(40):
        when = START + timedelta(days=29 * n, hours=5 * n)
        more: dict[str, object] = {"counts": Counts(2 * n % 23 + n // 9, n % 5 * 3, n % 4)}
        if n % 3 == 0:
            more |= {"reply_to": f"gone{n % 16}", "elsewhere": (stranger[n % 16],)}
        if n % 2:
            more |= {"network": "mastodon", "langs": ("de",)}
        else:
            more |= {"langs": ("en-GB",), "links": (f"https://h{n % 5}.example/{n}",)}
        if n % 3 == 1:
            more |= {"media": (Media("image" if n % 6 == 1 else "video", f"media/{n}.png", "Fog"),)}
        words = f"Fog t{n}{SUBJECTS[n % 5]}" + (" and a seal" if n < 3 else "")
        root = post(f"t{n}", when, tags=("fog", f"w{n % 3}"), text=words, **more)
        rest = [
            post(
                f"t{n}r{at}", when + timedelta(minutes=at + 1), network=root.network,
                reply_to=f"t{n}r{at - 1}" if at else f"t{n}", counts=Counts(at + 1),
                text=f"Fog t{n}r{at}{SUBJECTS[at]}",
            )
            for at in range(n % 4 if n % 3 else 0)
        ]  # fmt: skip
        threads.append(Thread(root.id, root.network, (root, *rest)))
    threads.append(single("repost", START, repost_of="far", counts=Counts(10**6)))
    threads.append(single("undated", None))
    answer = post("answer", START, author=BO, reply_to="ours", counts=Counts(999), media=())
    back = post("back", START + timedelta(days=1), reply_to="answer")
    threads.append(Thread("ours", "bluesky", (post("ours", START), answer, back)))
    threads += [single(f"bo{n}", START + timedelta(days=40 * n), author=BO) for n in range(12)]
    return threads


class Built(NamedTuple):
    """A site with insights, and its files."""

    config: Config
    files: dict[str, bytes]

    def table(self, path: str) -> list[dict[str, str]]:
        """Return the rows of a table."""
        return [*csv.DictReader(io.StringIO(self.files[path].decode()))]

    @property
    def tables(self) -> list[str]:
        """The paths of the tables of the whole site."""
        found = re.compile(r"insights/(?!all)\w+\.csv")
        return [path for path in self.files if found.fullmatch(path)]


def built(
    folder: Path, *threads: Thread, toml: str = SETTINGS, topics: tuple[Topic, ...] = TOPICS
) -> Built:
    """Build a site with a picture for each medium."""
    profiles = [Profile(a.handle or "", "bluesky", a.handle, a.name) for a in (ADA, BO)]
    config = site(folder, *threads, toml=toml)
    store.write(store.merge(ArchiveIndex(config.content), (), profiles))
    for thread in threads:
        for medium in (m for p in thread.posts for m in p.media):
            path = config.content / (medium.path or "")
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(b"GIF89a" if medium.kind == "image" else b"\0\0\0\x18ftypmp42")
    found_file.write(config.content, Recorded(topics, (), 0, 0))
    builds.build(config)
    return Built(config, tree(config.output))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Return the site of the archive with something for every chart."""
    return built(tmp_path_factory.mktemp("insights"), *archive())


def test_the_pages_and_tables_are_those_that_are_expected(whole: Built, refresh: bool) -> None:
    found = {path: data for path, data in whole.files.items() if "insights" in path}
    del found["static/insights.css"]
    if refresh:
        replace(EXPECTED, found)
    assert not "\n".join(differences(found, tree(EXPECTED)))
    assert len(whole.tables) == 14


def test_every_post_of_the_owner_is_counted_once(whole: Built) -> None:
    listed = 43 + 1  # threads by Ada, and her reply within one
    time, hours = whole.table(TIME), whole.table("insights/hours.csv")
    kinds = ("post", "thread", "reply", "repost")
    for row in time:
        assert int(row["all"]) == sum(int(row.get(kind, 0)) for kind in kinds)
    dated = sum(int(row["all"]) for row in time)
    assert dated == listed - 1
    assert dated == sum(
        int(number) for row in hours for key, number in row.items() if "day_" in key
    )
    networks = whole.table("insights/networks.csv")
    assert dated == sum(int(row["bluesky"]) + int(row["mastodon"]) for row in networks)
    languages = whole.table("insights/languages.csv")
    assert dated - 1 == sum(int(row["all"]) for row in languages)  # not the repost
    threads = sum(int(row["threads"]) for row in whole.table("insights/lengths.csv"))
    assert threads == sum(int(row["post"]) + int(row["thread"]) for row in time) + 1


def test_the_numbers_are_those_of_the_listings_that_they_lead_to(whole: Built) -> None:
    page = whole.files["insights.html"].decode()
    linked = re.findall(r'<a href="([^"]*)"><bdi>(\d+) (?:posts|replies)</bdi>', page)
    assert {path for path, _ in linked} >= {"replies.html"}
    for path, number in linked:
        if path == "replies.html":  # one of them is Bo's
            assert f">{int(number) + 1} replies<" in whole.files[path].decode()
    months = {row["period"]: int(row["all"]) for row in whole.table(TIME)}
    for month, number in months.items():
        text = whole.files.get(f"date/{month}.html", b"").decode()
        others = text.count('profile/bluesky-bo.example.html"')
        found = re.search(r'<p class="lede">(\d+) posts?<', text)
        assert number == (int(found[1]) - others if found else 0)


def test_what_others_and_reposts_received_counts_nowhere(whole: Built) -> None:
    own = [p for t in archive() for p in t.posts if p.author == ADA and not p.repost_of]
    likes = [p.counts.likes for p in own if p.counts.likes]
    rows = whole.table("insights/likes.csv")
    assert Counter({int(row["likes"]): int(row["posts"]) for row in rows}) == Counter(likes)
    at_least = {number: sum(1 for like in likes if like >= number) for number in likes}
    assert {int(row["likes"]): int(row["rank"]) for row in rows} == at_least
    first = whole.table("insights/liked.csv")[0]
    assert int(first["likes"]) == max(likes)
    for name in ("liked", "reposted", "discussed"):
        numbers = [int(row[next(k for k in row if k.endswith("s") and k != "address")])
                   for row in whole.table(f"insights/{name}.csv")]  # fmt: skip
        assert numbers == sorted(numbers, reverse=True)


def test_a_thread_counts_once_for_each_topic_that_any_of_its_posts_is_about(whole: Built) -> None:
    own = [thread for thread in archive() if thread.posts[0].author == ADA]
    expected: dict[str, Counter[str]] = {"harbour-ferry": Counter(), "telescope": Counter()}
    for thread in own:
        texts = " ".join([post.text for post in thread.posts if post.author == ADA])
        for slug, months in expected.items():
            if slug.replace("-", " ") in texts:
                months[(thread.posts[0].created_at or "")[:4]] += 1
    rows = whole.table("insights/topics.csv")
    for slug, years in expected.items():
        numbers = {row["period"]: int(row[f"topic/{slug}"]) for row in rows}
        assert {year: number for year, number in numbers.items() if number} == years
    for row in whole.table("insights/topic_kinds.csv"):
        kinds = [int(row[kind]) for kind in ("post", "thread", "reply", "repost")]
        assert sum(kinds) == int(row["all"])
        slug = row["topic"].removeprefix("topic/")
        if slug in expected:
            assert int(row["all"]) == expected[slug].total()
            assert row["address"] in whole.files
    page = whole.files["insights.html"].decode()
    assert "topic/seal" not in page  # of fewer posts than a topic needs
    assert page.count('href="topic/seaweed.html"') == 3  # the label, the table, the kinds


def test_whom_one_answers_is_called_as_posts_call_them(tmp_path: Path) -> None:
    """A handle that two networks have is named with its network."""
    who = (("bluesky", "Fennick"), ("mastodon", "fennick"), ("x", "MoorHen"), ("x", "kettle"))
    threads = [
        single(
            f"a{n}", START + timedelta(days=n), network=who[n % 4][0], reply_to=f"gone{n}",
            elsewhere=(Elsewhere(f"gone{n}", author=Author(who[n % 4][1], None, None)),),
        )
        for n in range(24)
    ]  # fmt: skip
    whole = built(tmp_path, *threads)
    rows = [(row["answered"], row["replies"]) for row in whole.table("insights/answered.csv")]
    names = ("Fennick (Bluesky)", "fennick (Mastodon)", "kettle", "MoorHen")
    assert rows == [(name, "6") for name in names]


def test_only_topics_that_are_shown_are_drawn_and_few_posts_are_not(tmp_path: Path) -> None:
    threads = [
        single(f"p{n}", START + timedelta(days=31 * n), text=f"{n} of {TOPICS[n % 2].name}")
        for n in range(12)
    ]
    threads += [single(f"s{n}", START, text="A telescope", reply_to="gone") for n in range(6)]
    config = built(tmp_path, *threads).config
    assert b"topic/telescope" in tree(config.output)["insights/topic_kinds.csv"]

    def change(path: Path, text: str) -> dict[str, bytes]:
        path.write_text(text, "utf-8")
        builds.build(config)
        files = tree(config.output)
        assert not differences(files, cold(config))
        return {path: data for path, data in files.items() if "insights" in path}

    changes = 'hide = ["telescope"]\n[rename]\n"seaweed" = "kelp"\n'
    files = change(config.content / own_file.NAME, changes)
    assert not [path for path, data in files.items() if b"telescope" in data]
    rows = [*csv.reader(io.StringIO(files["insights/topics.csv"].decode()))]
    assert rows[0] == ["period", "label", "topic/harbour-ferry", "topic/kelp", "address"]
    post = next(path for path in config.content.rglob("*.md") if "of seaweed" in path.read_text())
    files = change(post, post.read_text("utf-8").replace("of seaweed", "of the moor"))
    assert "insights.html" in files
    assert not [path for path in files if "topic" in path]  # of 11 posts


def test_a_table_is_its_file_and_its_drawing(whole: Built) -> None:
    root = html5lib.parse(whole.files["insights.html"].decode(), namespaceHTMLElements=False)
    sections = [element for element in root.iter("section") if element.get("id")]
    assert [f"insights/{s.get('id')}.csv" for s in sections] != []
    assert {f"insights/{section.get('id')}.csv" for section in sections} == {*whole.tables}
    for section in sections:
        rows = whole.table(f"insights/{section.get('id')}.csv")
        numbers = [[*row.values()][2:-1] for row in rows]
        shown = [
            ["".join(cell.itertext()) for cell in row.iter("td")] for row in section.iter("tr")
        ]
        assert [row for row in shown if row] == [row for row in numbers if any(map(int, row))]
        svg = "{http://www.w3.org/2000/svg}"
        drawn = [e for e in section.iter() if str(e.tag).removeprefix(svg) in ("path", "circle")]
        paths = [e.get("d", "") for e in drawn if "path" in str(e.tag)]
        if "figure-columns" in (section.get("class") or ""):
            columns = [*map(list, zip(*numbers, strict=True))]
            assert [d.count("v") for d in paths] == [sum(n != "0" for n in c) for c in columns]
        elif "figure-plot" in (section.get("class") or ""):
            points = [n for row in numbers for n in row] if section.get("id") == "hours" else rows
            assert len(drawn) == sum(n != "0" for n in points)


def test_the_height_of_a_column_is_its_number(whole: Built) -> None:
    page = whole.files["insights.html"].decode().partition('id="time"')[2]
    shape = re.findall(r'class="columns"[^>]* d="([^"]*)"', page)[0]
    columns = re.findall(r"[Mm](\d+)(?:\.5)? \d+v-(\d+)", shape)
    places = accumulate([int(x) for x, _ in columns])
    heights = {x: float(height) for x, (_, height) in zip(places, columns, strict=True)}
    numbers = {at: int(row["all"]) for at, row in enumerate(whole.table(TIME)) if row["all"] != "0"}
    scale = 96 / max(numbers.values())
    assert heights == pytest.approx({at: n * scale for at, n in numbers.items()}, abs=0.51)


def test_one_file_has_the_numbers_of_all_tables(whole: Built) -> None:
    long = [tuple(row.values()) for row in whole.table("insights/all.csv")]
    expected = []
    for path in re.findall(
        r'href="(insights/\w+\.csv)" download>CSV', whole.files["insights.html"].decode()
    ):
        name = path.removeprefix("insights/").removesuffix(".csv")
        for row in whole.table(path):
            key, label, *numbers, address = row.items()
            expected += [(name, key[1], label[1], k, n, address[1]) for k, n in numbers]
    assert long == expected


def test_the_page_keeps_the_rules_of_all_pages(whole: Built) -> None:
    assert not dead(whole.config.output)
    page = whole.files["insights.html"].decode()
    assert not re.search(r"\sstyle=|<script|javascript:", page)
    assert len(page.encode()) < 150_000
    ids = re.findall(r'\sid="([^"]*)"', page)
    assert len(ids) == len({*ids})
    charts = re.findall(r'<svg class="chart"[^>]*>', page)
    for chart in charts:
        names = re.findall(r'aria-\w+="([^"]*)"', chart)
        assert len(names) == 2
        assert {*names} <= {*ids}
    assert len(charts) == page.count("<details>")
    assert page.count('href="insights/') == len(whole.tables) + 1


def test_each_account_of_several_has_its_own(whole: Built) -> None:
    bo = "profile/bluesky-bo.example/insights"
    assert f'href="{bo}.html"' in whole.files["insights.html"].decode()
    assert sum(int(row["post"]) for row in whole.table(f"{bo}/time.csv")) == 12
    assert f"{bo}/liked.csv" not in whole.files  # a single post of his has likes
    assert "../../profile/bluesky-bo.example.html" in whole.files[f"{bo}.html"].decode()
    assert f'href="../{bo}.html"' in whole.files["profile/bluesky-bo.example.html"].decode()


def test_hidden_posts_change_no_byte(whole: Built, tmp_path: Path) -> None:
    secret = [
        single(
            f"s{n}", START + timedelta(days=n), counts=Counts(5_000 + n, 99, 99), tags=("secret",),
            links=("https://secret.example/",), langs=("fr",), text="Secret seaweed and a seal",
        )
        for n in range(20)
    ]  # fmt: skip
    toml = SETTINGS + '[privacy]\nhide = ["#secret"]\n'
    other = built(tmp_path, *archive(), *secret, toml=toml)
    insights = [path for path in whole.files if "insights" in path]
    found = {path: other.files.get(path, b"") for path in insights}
    assert not differences(found, {path: whole.files[path] for path in insights})


def insights_in(files: dict[str, bytes]) -> list[str]:
    """Return the files of insights, and the pages that lead to them."""
    return [path for path, data in files.items() if "insights" in path or b"insights.html" in data]


@pytest.mark.parametrize(
    ("posts", "days", "toml", "is_shown"),
    [(11, 31, "", False), (12, 31, "", True), (12, 0, "", False), (12, 31, "[build]\ninsights = false\n", False)],
)  # fmt: skip
def test_a_page_with_nothing_to_see_does_not_exist(
    tmp_path: Path, posts: int, days: int, toml: str, is_shown: bool
) -> None:
    threads = [single(f"p{n}", START + timedelta(days=days * n)) for n in range(posts)]
    files = built(tmp_path, *threads, toml=toml).files
    assert bool(insights_in(files)) == is_shown
    assert ("static/insights.css" in files) == is_shown
    assert not [path for path in files if re.match("profile/.*insights", path)]  # the same posts


@pytest.mark.slow
def test_a_page_of_ones_own_keeps_its_address(tmp_path: Path) -> None:
    threads = [single(f"p{n}", START + timedelta(days=31 * n)) for n in range(12)]
    config = site(tmp_path, *threads)
    (config.content / "insights.md").write_text("# Mine\n", "utf-8")
    builds.build(config)
    files = tree(config.output)
    assert b">Mine<" in files["insights.html"]
    assert len([path for path in files if re.fullmatch(r"insights-\w+\.html", path)]) == 1
    assert not dead(config.output)


def test_an_edit_of_words_leaves_the_insights_and_one_of_likes_does_not(tmp_path: Path) -> None:
    threads = [single(f"p{n}", START + timedelta(days=31 * n), counts=Counts(n)) for n in range(14)]
    config = built(tmp_path, *threads).config

    def edit(old: str, new: str) -> set[str]:
        path = next(p for p in config.content.rglob("*.md") if "p5" in p.read_text("utf-8"))
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")
        written = {path for path in builds.build(config).written if "insights" in path}
        assert not differences(tree(config.output), cold(config))
        return written

    assert edit("\nFog p5", "\nFog p5 over the moor") == set()
    counts = next(config.content.rglob("counts/*.csv"), None)
    if counts:
        text = counts.read_text("utf-8")
        counts.write_text(re.sub(r"(?m)^(.*p5.*?)5(.*)$", r"\g<1>77\2", text, count=1), "utf-8")
    else:
        edit('"likes": 5', '"likes": 77')
    builds.build(configs.load(tmp_path / "sitegen.toml"))
    assert b"77" in tree(config.output)["insights/liked.csv"]
    assert not differences(tree(config.output), cold(config))


@pytest.mark.slow
def test_time_runs_in_the_direction_of_the_language(tmp_path: Path, whole: Built) -> None:
    toml = SETTINGS.replace("[site]", '[site]\nlanguage = "ar"')
    other = built(tmp_path, *archive(), toml=toml)
    page, mirrored = (b.files["insights.html"].decode() for b in (whole, other))

    def columns(text: str) -> list[int]:
        return [
            int(x)
            for x in re.findall(r'<rect x="(\d+)" width="1"', text.partition('id="topics"')[0])
        ]

    last = len(whole.table(TIME)) - 1
    assert columns(mirrored) == [last - x for x in columns(page)]
    circles = re.compile(r'<circle cx="([\d.]+)%" cy="([\d.]+)"')
    places = [(round(100 - float(x), 2), float(y)) for x, y in circles.findall(page)]
    assert [(float(x), float(y)) for x, y in circles.findall(mirrored)] == places
    # The numbers are the same in any language.
    assert [row["all"] for row in other.table(TIME)] == [row["all"] for row in whole.table(TIME)]


def test_no_cell_is_a_formula() -> None:
    rows = (
        ("a", "b"), ("=1+1", "@ada"), ("-2", "+3"), ("＝1", "'tis"), ("fine, too", 'a "word"')
    )  # fmt: skip
    text = csv_file(None, None, CsvContext(rows), None)  # type: ignore[arg-type]
    assert text == 'a,b\n\'=1+1,\'@ada\n\'-2,\'+3\n\'＝1,\'\'tis\n"fine, too","a ""word"""\n'


LONG = "霧の荒野で & Nebel " * 6
TAGS = ("en", "de", "fr", "ja", "ar", "es", "pt", "it")
MANY_TOPICS = tuple(
    [Topic(f"霧の荒野にある古い灯台の話その{n}", (f"heath{n}",)) for n in range(20)]
)


def test_tables_are_written_whatever_names_have(tmp_path: Path) -> None:
    bad = "\ud800"
    moor = Elsewhere(f"gone{bad}", author=Author(f"moor{bad}.example", None, f"Moor{bad}"))
    threads = [
        single(
            f"t{bad}{n}", START + timedelta(days=9 * n), network=f"net{bad}{n % 2}",
            links=(f"https://exa{bad}mple.org/{n}",), langs=(f"de{bad}",), tags=(f"fog{bad}",),
            text=f"Fog{bad}", counts=Counts(n + 1, n, n),
            **{"reply_to": f"gone{bad}", "elsewhere": (moor,)} if n % 2 else {},
        )
        for n in range(24)
    ]  # fmt: skip
    whole = built(tmp_path, *threads)
    odd = [path for path in whole.tables if "\ufffd" in whole.files[path].decode()]
    names = ("discussed", "liked", "networks", "reposted")
    assert odd == [f"insights/{name}.csv" for name in names]


def hostile(n: int) -> Thread:
    """Return one of many threads with long names, of every kind, language and medium."""
    stranger = Author(f"p{n % 50}.{'long-' * 6}x.example", None, None)
    kinds: tuple[dict[str, object], ...] = (
        {},
        {"reply_to": f"g{n}", "elsewhere": (Elsewhere(f"g{n}", author=stranger),)},
        {"repost_of": f"r{n}"},
        {"media": (Media("image", f"media/{n % 9}.png", "Fog"),)},
    )
    when = datetime(2000 + n // 72, 1 + n // 6 % 12, 1 + n % 28, n % 24, tzinfo=UTC)
    thread = single(
        f"p{n}", when, text=f"{LONG}{n} heath{n % 20} heath{n * 7 % 19}", network=f"network-{n % 8}-{'x' * 20}", langs=(TAGS[n % 8],),
        counts=Counts(n * n % 10_007 + 1, n * 7 % 997, n * 3 % 499),
        links=(f"https://{'heath-' * 8}{n % 40}.example/",), **kinds[n % 4],
    )  # fmt: skip
    root = thread.posts[0]
    more = [post(f"p{n}m{at}", when, network=root.network, reply_to=root.id) for at in range(n % 3)]
    return thread if root.repost_of else Thread(root.id, root.network, (root, *more))


@pytest.mark.slow
def test_no_insights_of_a_long_archive_are_heavy(tmp_path: Path) -> None:
    threads = [hostile(n) for n in range(MAX_MONTHS * 6)]
    toml = SETTINGS.replace("[site]", '[site]\nlanguage = "ar"')
    files = built(tmp_path, *threads, toml=toml, topics=MANY_TOPICS).files
    sizes = {path: len(files[path]) for path in files if path.endswith("insights.html")}
    assert sizes["insights.html"] > 0.8 * 150_000
    assert max(sizes.values()) < 150_000


# Fits, scales and periods.


def quantiles(alpha: float, least: int, count: int) -> list[int]:
    """Return values that are spread as a power law says, from the greatest."""
    whole = power_law.zeta(alpha, least)
    values = []
    for at in range(count):
        wanted = whole * (at + 0.5) / count
        low, high = least, 2 * least
        while power_law.zeta(alpha, high) > wanted:
            low, high = high, 2 * high
        while high - low > 1:
            middle = (low + high) // 2
            if power_law.zeta(alpha, middle) > wanted:
                low = middle
            else:
                high = middle
        values.append(low)
    return values


@pytest.mark.parametrize("alpha", [1.8, 2.31, 3.0])
@pytest.mark.parametrize("least", [1, 3, 12])
def test_the_exponent_of_a_known_power_law_is_found(alpha: float, least: int) -> None:
    values = quantiles(alpha, least, 1_000)
    frequencies = Counter(values)
    frequencies.update(dict.fromkeys(range(1, least), 40))  # below the law, as in most archives
    law = power_law.fit(frequencies)
    assert law is not None
    assert law.alpha == pytest.approx(alpha, abs=0.06)
    assert law.least <= 2 * least + 1
    assert law.distance < 0.02
    assert law.size == sum(count for x, count in frequencies.items() if x >= law.least)


@pytest.mark.parametrize(("exponent", "start", "value"), [
    (2.0, 1, math.pi**2 / 6), (4.0, 1, math.pi**4 / 90), (2.0, 2, math.pi**2 / 6 - 1),
    (3.0, 1, 1.2020569031595942), (1.5, 1, 2.612375348685488),
])  # fmt: skip
def test_the_zeta_function_is_that_of_the_tables(exponent: float, start: int, value: float) -> None:
    assert power_law.zeta(exponent, start) == pytest.approx(value, rel=1e-7)


@example({1: 10**9})
@example({2**63: 60})
@example(dict.fromkeys(range(1, 60), 1))
@example({10**15 + n: 9 for n in range(20)})
@given(st.dictionaries(st.integers(1, 10**12), st.integers(1, 10**6), max_size=60))
def test_a_fit_of_anything_is_a_law_or_none(frequencies: dict[int, int]) -> None:
    law = power_law.fit(frequencies)
    if law:
        assert 1 < law.alpha < 6
        assert law.least in frequencies
        assert law.size >= power_law.MIN_VALUES
        assert 0 <= law.distance <= 1


LAWS = st.builds(
    power_law.PowerLaw,
    st.floats(1.1, 5.9), st.integers(1, 500), st.integers(power_law.MIN_VALUES, 10**6), st.just(0.0),
)  # fmt: skip


@example(power_law.PowerLaw(2.83, 1, 2000, 0.0), 500)
@given(LAWS, st.integers(2, 10**4))
def test_the_line_drawn_is_the_law_that_is_fitted(law: power_law.PowerLaw, times: int) -> None:
    curve = law.curve(law.least * times)
    assert curve[0] == (float(law.size), float(law.least))
    last_rank, greatest = curve[-1]
    assert last_rank >= 1
    assert last_rank == 1 or greatest == law.least * times
    for (rank, value), (next_rank, next_value) in pairwise(curve):
        for at in {round(value * 1.5), math.ceil(value), int(next_value)}:
            if not value <= at <= next_value:
                continue
            part = math.log(at / value) / math.log(next_value / value)
            expected = (
                law.size * power_law.zeta(law.alpha, at) / power_law.zeta(law.alpha, law.least)
            )
            assert rank * (next_rank / rank) ** part == pytest.approx(expected, rel=0.1)


@example({1: 100, 2: 30, 3: 12, 4: 8, 5: 5, 6: 3, 100: 20, 200: 10})
@given(st.dictionaries(st.integers(1, 300), st.integers(1, 40), min_size=8, max_size=60))
def test_the_distance_of_a_law_is_the_greatest_at_any_value(frequencies: dict[int, int]) -> None:
    law = power_law.fit(frequencies)
    if law:
        tail = {value: count for value, count in frequencies.items() if value >= law.least}
        differences = [
            abs(sum(c for v, c in tail.items() if v >= at) - law.rank(at)) / law.size
            for at in range(law.least, max(tail) + 2)
        ]
        assert law.distance == pytest.approx(max(differences), abs=1e-6)


MONTHS = st.dates().map(lambda day: f"{day.year:04}-{day.month:02}")


@example(["0001-01", "9999-12"], 240)
@example(["2019-06"], 240)
@given(st.lists(MONTHS, min_size=1), st.sampled_from([36, 240]))
def test_every_month_is_in_a_period_and_they_are_not_too_many(months: list[str], most: int) -> None:
    found = periods(months, most)
    assert found is not None
    places = [found.at(month) for month in months]
    assert min(places) == 0
    assert max(places) == found.number - 1
    assert found.number <= max(most, 101)
    for month, at in zip(months, places, strict=True):
        first, _, last = found.key(at).partition("/")
        assert first <= month[: len(first)] <= (last or first)
        assert found.label(at, ENGLISH)


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_a_share_is_rounded(part: int, more: int) -> None:
    whole = part + more
    assert (
        share(part, whole) == (math.floor(100 * part / whole + 0.5) if whole else 0)
        or whole > 10**9
    )


def test_sites_and_tags_are_those_of_the_owners_posts_wherever_these_are(tmp_path: Path) -> None:
    threads = []
    for n in range(14):
        when = START + timedelta(days=n)
        theirs: dict[str, object] = {"links": (f"https://bos{n}.example/",), "tags": (f"bos{n}",)}
        mine: dict[str, object] = {
            "links": (f"https://mine{n % 3}.example/",), "tags": (f"mine{n % 3}",)
        }  # fmt: skip
        root = post(f"b{n}", when, author=BO, **theirs)
        reply = post(f"r{n}", when + timedelta(hours=1), reply_to=root.id, **mine)
        threads.append(Thread(root.id, "bluesky", (root, reply)))
    own = post("own", START, tags=("own",))
    answer = post(
        "x", START, author=BO, reply_to="own", links=("https://bos.example/",), tags=("bos",)
    )
    threads.append(Thread("own", "bluesky", (own, answer)))
    html = built(tmp_path, *threads, topics=()).files["insights.html"].decode()
    figures = re.sub(r"<[^>]+>", "", html[: html.index("</section>")])
    assert "The posts link to 3 sites, most often to mine0.example." in figures
    assert "The posts have 4 tags, most often #mine0." in figures
    assert "bos" not in html


def test_a_language_is_one_however_its_tag_is_written(tmp_path: Path) -> None:
    tags = ("en", "EN", "de", "en-GB")
    threads = [
        single(f"l{n}", START + timedelta(days=30 * n), langs=(tags[n % 4],)) for n in range(24)
    ]
    made = built(tmp_path, *threads, topics=())
    columns = {*made.table("insights/languages.csv")[0]}
    assert columns >= {"en", "de"}
    assert columns.isdisjoint({"EN", "en-GB"})
