"""Years, months and days: every dated post is on the pages of its day, and few clicks away."""

from __future__ import annotations

import posixpath
import re
import tempfile
from collections import Counter
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import html_trees
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from test_build import ADA, cold, site
from trees import differences, tree

from sitegen.config import settings as configs
from sitegen.config.schema import Config
from sitegen.content import store
from sitegen.content.archive_index import ArchiveIndex
from sitegen.model import Author, Counts, Post, Thread
from sitegen.site import build as builds
from sitegen.site.plan.pagination import MAX_JUMPS, jumps

MAX_PAGE = 150_000  # bytes of HTML
FEW_PAGES = 24  # that one new post changes
SMALL = "[build]\njobs = 1\nimage_sizes = false\npage_size = {}\n"


def dated(identity: str, when: str | None, text: str = "Fog") -> Thread:
    """Return a thread of one post of this time."""
    post = Post(
        id=identity, network="bluesky", text=f"{text} {identity}", author=ADA, created_at=when
    )
    return Thread(identity, "bluesky", (post,))


def built(folder: Path, *threads: Thread, size: int = 4, zone: str = "") -> Config:
    """Build a site of threads; return its settings."""
    toml = f'[site]\ntimezone = "{zone}"\n{SMALL.format(size)}'
    config = site(folder, *threads, toml=toml)
    builds.build(config)
    return config


def add(config: Config, *threads: Thread) -> None:
    """Add threads to a site and build it."""
    store.write(store.merge(ArchiveIndex(config.content), threads, ()))
    builds.build(config)


def pages_of(config: Config) -> dict[str, str]:
    """Return the pages of a site by their site paths."""
    files = tree(config.output)
    return {path: data.decode() for path, data in files.items() if path.endswith(".html")}


def links(path: str, text: str) -> set[str]:
    """Return the site paths of the pages that a page leads to."""
    root = html_trees.parse(text)
    targets = [element.get("href", "").partition("#")[0] for element in root.iter("a")]
    folder = posixpath.dirname(path)
    return {posixpath.normpath(posixpath.join(folder, link)) for link in targets if link}


def by_heading(text: str) -> dict[str, list[str]]:
    """Return the ids of the posts below each heading of the second level, by its first words."""
    parts = re.split(r"<h2[^>]*>(.*?)</h2>", text.partition("<main")[2], flags=re.S)
    posts: dict[str, list[str]] = {}
    for heading, part in zip(parts[1::2], parts[2::2], strict=True):
        name = re.sub("<span.*|<.*?>", "", heading).strip()
        posts.setdefault(name, []).extend(re.findall(r"thread/bluesky-(\w+)\.html", part))
    return posts


def placed(config: Config, address: str) -> Counter[tuple[str, str, str]]:
    """Return how often a post is on pages: the name of the page, the heading and the post's id."""
    return Counter(
        (match[1], heading, post)
        for path, text in pages_of(config).items()
        if (match := re.fullmatch(address, path))
        for heading, posts in by_heading(text).items()
        for post in posts
    )


MOMENTS = st.builds(
    lambda days, minutes, hours: (
        datetime(2019, 2, 27, tzinfo=timezone(timedelta(hours=hours)))
        + timedelta(days=days, minutes=minutes)
    ),
    st.sampled_from([0, 1, 2, 3, 364, 365, 366, 367]),
    st.integers(0, 1439),
    st.sampled_from([-11, 0, 9]),
)


# Each is on another day in Berlin or in Kiritimati than where it was written.
MIDNIGHTS = [
    datetime.fromisoformat(text)
    for text in (
        "2019-02-28T23:30-11:00", "2019-12-31T23:30+00:00", "2020-02-29T00:10+09:00",
        "2020-02-29T23:30+00:00",
    )
]  # fmt: skip


@pytest.mark.slow
@settings(max_examples=max(4, settings().max_examples // 8))
@example([*MIDNIGHTS, None, *MIDNIGHTS], "", 3)
@example([*MIDNIGHTS, None, *MIDNIGHTS], "Europe/Berlin", 5)
@example([*MIDNIGHTS, None, *MIDNIGHTS], "Pacific/Kiritimati", 8)
@given(
    st.lists(MOMENTS | st.none(), min_size=1, max_size=16),
    st.sampled_from(["", "Europe/Berlin", "Pacific/Kiritimati"]),
    st.integers(0, 16),
)
def test_a_dated_post_is_once_in_its_month_and_once_on_its_day_of_the_year(
    moments: list[datetime | None], zone: str, first: int
) -> None:
    threads = [dated(f"p{n}", when.isoformat() if when else None) for n, when in enumerate(moments)]
    days = {
        f"p{n}": (when.astimezone(ZoneInfo(zone)) if zone else when).date()
        for n, when in enumerate(moments)
        if when
    }
    with tempfile.TemporaryDirectory() as name:
        config = built(Path(name), *threads[:first], size=2, zone=zone)
        add(config, *threads[first:])
        assert placed(config, r"date/(\d{4}-\d\d)(?:/\d+)?\.html") == Counter(
            (f"{day:%Y-%m}", f"{day:%A} {day.day}", post) for post, day in days.items()
        )
        has_several_years = len({day.year for day in days.values()}) > 1
        assert placed(config, r"day/(\d\d-\d\d)(?:/\d+)?\.html") == Counter(
            (f"{day:%m-%d}", str(day.year), post) for post, day in days.items() if has_several_years
        )
        undated = [text for path, text in pages_of(config).items() if "date/undated" in path]
        shown = [post for text in undated for post in re.findall(r"bluesky-(p\d+)\.html", text)]
        assert sorted(shown) == sorted(t.id for t in threads if days and t.id not in days)
        assert not differences(tree(config.output), cold(config))


def busy(year: int, month: int, posts: int, days: int = 28) -> list[Thread]:
    """Return the posts of a month."""
    start = datetime(year, month, 1, tzinfo=UTC)
    return [
        dated(f"y{year}m{month}n{n}", (start + timedelta(days=n % days, minutes=n)).isoformat())
        for n in range(posts)
    ]


def test_a_post_of_a_busy_month_is_three_clicks_from_the_front_page(tmp_path: Path) -> None:
    june = busy(2019, 6, 40)
    others = [*busy(2018, 5, 3), *busy(2019, 7, 30), *busy(2021, 1, 20)]
    pages = pages_of(built(tmp_path, *june, *others))
    assert "date/2019.html" in links("index.html", pages["index.html"])
    months = links("date/2019.html", pages["date/2019.html"])
    months = {path for path in months if path.startswith("date/2019-06")}
    reached = set().union(*[links(path, pages[path]) for path in months])
    assert {f"thread/bluesky-{thread.id}.html" for thread in june} <= reached


DAYS = 14  # of three posts each, so that some are on two pages of four posts


def days_on(text: str) -> dict[str, str]:
    """Return the days on a page by their ids, each with its number of posts if it has one."""
    heading = r'<h2 class="group" id="(day-\d\d)">[^<]*(?:<span class="count">([^<]*))?'
    return dict(re.findall(heading, text))


def test_each_day_of_a_strip_leads_to_the_newest_post_of_the_day(tmp_path: Path) -> None:
    config = built(tmp_path, *busy(2019, 6, 3 * DAYS, DAYS), *busy(2018, 5, 3))
    pages = pages_of(config)
    addresses = [f"date/2019-06/{number}.html" for number in range(1, 11)]
    addresses = [path for path in addresses if path in pages] + ["date/2019-06.html"]
    newest = {day: path for path in addresses for day in days_on(pages[path])}
    for path in ("date/2019.html", "date/2019-06.html"):
        strip = re.findall(r'<li class="level-\d"[^>]*><a href="([^"]*)">(\d+)<', pages[path])
        assert [int(number) for _, number in strip] == list(range(1, DAYS + 1))
        for target, number in strip:
            address, _, anchor = target.partition("#")
            joined = posixpath.join(posixpath.dirname(path), address)
            page = posixpath.normpath(joined) if address else path
            assert (page, anchor) == (newest[f"day-{int(number):02}"], f"day-{int(number):02}")
    for day in newest:  # an address that stays, wherever the posts are
        assert pages["date/2019-06.html"].count(f'id="{day}"') == 1


def test_a_day_on_two_pages_is_counted_on_neither(tmp_path: Path) -> None:
    pages = pages_of(built(tmp_path, *busy(2019, 6, 3 * DAYS, DAYS), *busy(2018, 5, 3)))
    assert days_on(pages["date/2019-06/1.html"]) == {"day-02": "", "day-01": "3 posts"}
    assert days_on(pages["date/2019-06/2.html"]) == {"day-03": "", "day-02": ""}
    assert days_on(pages["date/2019-06/3.html"]) == {"day-04": "", "day-03": ""}
    assert days_on(pages["date/2019-06.html"]) == {"day-14": ""}


def test_a_new_post_changes_few_pages_and_no_numbered_page_before_it(tmp_path: Path) -> None:
    config = built(tmp_path, *busy(2018, 6, 30), *busy(2019, 6, 30), *busy(2020, 6, 30))
    before = tree(config.output)
    add(config, dated("new", "2020-06-28T23:00:00Z"))
    after = tree(config.output)
    changed = {p for p, data in before.items() if after[p] != data and p.endswith(".html")}
    assert {"index.html", "date/2020.html", "date/2020-06.html", "day/06-28.html"} <= changed
    assert len(changed) <= FEW_PAGES
    numbered = {path for path in changed if re.search(r"/\d+\.html$", path)}
    newest = {path for path in numbered if before[path].count(b'class="h-entry') < 4}
    assert numbered - newest == set()
    assert not differences(after, cold(config))


def test_no_page_of_a_busy_day_is_too_large(tmp_path: Path) -> None:
    words = "Fog over the moor, and a kettle. " * 20
    day = datetime(2019, 6, 13, tzinfo=UTC)
    threads = [
        dated(f"p{n}", (day + timedelta(days=365 * (n % 2), minutes=n)).isoformat(), words)
        for n in range(330)
    ]
    pages = pages_of(built(tmp_path, *threads, size=50))
    of_time = {path: text for path, text in pages.items() if path.startswith(("date", "day"))}
    assert {"date/2019-06/1.html", "day/06-13.html", "date/2019.html"} <= of_time.keys()
    assert max(len(text.encode()) for text in of_time.values()) < MAX_PAGE


@given(st.integers(1, 100_000))
def test_jumps_are_few_and_lead_back(number: int) -> None:
    numbers = jumps(number)
    assert numbers == sorted(set(numbers))
    assert all(1 <= n < number - 1 for n in numbers)
    assert len(numbers) <= MAX_JUMPS + 1
    assert numbers[:1] == [1] * (number > 2)


def test_a_page_says_from_when_to_when_and_leads_far(tmp_path: Path) -> None:
    threads = [dated(f"p{n:03}", f"2024-{1 + n // 28:02}-{1 + n % 28:02}") for n in range(120)]
    pages = pages_of(built(tmp_path, *threads, size=2))
    page = pages["page/30.html"]
    assert '<span class="way-span">3 March 2024 to 4 March 2024</span>' in page
    jump_list = re.search(r'<ol class="way-jumps">(.*?)</ol>', page, re.S)
    assert jump_list
    targets = re.findall(r'href="([^"]*)">([^<]*)<', jump_list[1])
    assert targets == [
        ("../page/1.html", "1"),
        ("../page/10.html", "10"),
        ("../page/20.html", "20"),
        ("../index.html", "Newest"),
    ]


def lines_of(text: str) -> list[str]:
    """Return the lines of a page's listings."""
    return re.findall(r'<li class="line h-entry">.*?</li>', text, re.S)


def test_a_year_of_few_posts_has_the_lines_of_its_months(tmp_path: Path) -> None:
    june, july = busy(2019, 6, 12), busy(2019, 7, 20)
    pages = pages_of(built(tmp_path, *june, *july, *busy(2018, 5, 3), size=50))
    lines = [line for month in (7, 6) for line in lines_of(pages[f"date/2019-0{month}.html"])]
    assert len(lines) == len(june) + len(july)
    assert lines_of(pages["date/2019.html"]) == lines


def test_a_busy_year_has_as_many_of_the_most_liked_of_each_month(tmp_path: Path) -> None:
    months = {month: busy(2019, month, 4 if month == 3 else 30) for month in range(1, 13)}
    for threads in months.values():
        for n, thread in enumerate(threads):
            (post,) = thread.posts
            liked = replace(post, counts=Counts(likes=n // 2))
            threads[n] = replace(thread, posts=(liked,))
    listed = [thread for threads in months.values() for thread in threads]
    by_month = by_heading(pages_of(built(tmp_path, *listed, size=50))["date/2019.html"])
    shown = {name: posts for name, posts in by_month.items() if name.endswith("2019")}
    # 48 lines have room, and 59 would not. Of equally liked posts, the newest come first.
    assert shown == {
        f"{datetime(2019, month, 1, tzinfo=UTC):%B} 2019": [
            f"y2019m{month}n{n}" for n in ((27, 26, 29, 28) if month != 3 else (3, 2, 1, 0))
        ]
        for month in range(12, 0, -1)
    }


def test_an_own_page_keeps_the_address_of_the_days(tmp_path: Path) -> None:
    config = built(tmp_path, dated("a", "2019-06-13"), dated("b", "2020-06-13"))
    assert "days.html" in links("index.html", pages_of(config)["index.html"])
    (config.content / "days.md").write_text("# My days\n", "utf-8")
    builds.build(configs.load(tmp_path / "sitegen.toml"))
    pages = pages_of(config)
    assert "My days" in pages["days.html"]
    others = [path for path in pages if re.fullmatch(r"days-\w+\.html", path)]
    assert len(others) == 1
    assert set(others) <= links("dates.html", pages["dates.html"])
    assert set(others) <= links("day/06-13.html", pages["day/06-13.html"])


@pytest.mark.parametrize("when", [None, "2019-06-13"])
def test_an_archive_of_one_year_or_none_leads_to_no_years(tmp_path: Path, when: str | None) -> None:
    pages = pages_of(built(tmp_path, dated("a", when), dated("b", when)))
    assert not [path for path, text in pages.items() if '<nav class="years"' in text]
    assert not [path for path in pages if path.startswith("day")]


def test_a_reply_of_the_owner_is_in_its_own_month_and_no_reply_of_others(tmp_path: Path) -> None:
    ben = Author("ben.example", None, "Ben")
    root = Post(id="a", network="bluesky", text="Fog", author=ADA, created_at="2019-06-13")
    theirs = Post(
        id="b", network="bluesky", text="Where?", author=ben, created_at="2019-06-20",
        reply_to="a",
    )  # fmt: skip
    own = Post(
        id="c", network="bluesky", text="On the moor", author=ADA, created_at="2019-07-01",
        reply_to="b",
    )  # fmt: skip
    toml = f'[site]\naccount = "ada.example"\n{SMALL.format(4)}'
    config = site(tmp_path, Thread("a", "bluesky", (root, theirs, own)), toml=toml)
    builds.build(config)
    pages = pages_of(config)
    assert by_heading(pages["date/2019-06.html"]) == {"Thursday 13": ["a"]}
    assert re.findall(r"thread/bluesky-[^\"]+", pages["date/2019-07.html"]) == [
        "thread/bluesky-c.html"
    ]
    assert "Where?" not in pages["date/2019-06.html"]
