"""The search index finds what a scan of all posts finds, and nothing that is hidden."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws import long_law
from query.test_matching import CASES, PEOPLE, POSTS, QUERIES
from search.index_reader import IndexReader
from strategies import archives
from test_build import cold, site
from trees import differences, tree

from sitegen.config import queries
from sitegen.config.schema import Config
from sitegen.content import content_folder
from sitegen.content.format.heading import heading
from sitegen.languages import site_language
from sitegen.model import Author, Card, Counts, Elsewhere, Media, Post, Thread
from sitegen.query.accounts import AccountNames, Statement
from sitegen.query.facts import ThreadFacts
from sitegen.query.matching import compile_query
from sitegen.query.parser import parse
from sitegen.query.values import Query
from sitegen.selection import hide_rules
from sitegen.site import build as builds
from sitegen.site.incremental import search_edits, search_index
from sitegen.site.search import records
from sitegen.site.search.addresses import POSTS_PER_FILE

NO_PAGES = """
[build]
image_sizes = false
tag_pages = false
date_pages = false
people_pages = false
host_pages = false
kind_pages = false
site_feeds = false
profile_pages = false
"""
LANGUAGES = (
    "The fog lifted. Don’t go there! 12:30 https://example.org/a_b",
    "Der Nebel zog über die Straße; Füße, Maße, naïve Möwen",
    "Ο Οδυσσέας έφτασε στο νησί ΤΟΥΣ",
    "Туман над рекой, ещё ёлка",
    "الضباب فوق النهر، كَتَبَ رسالة ١٢",
    "הערפל מעל הנהר, שָׁלוֹם",
    "今日は東京都へ行った。京都ではない、天気図を見た天気",
    "안개가 강 위에 Seoul서울",
    "หมอกเหนือแม่น้ำ กรุงเทพ",
    "नदी के ऊपर कोहरा हिन्दी",
    "Well 👍🏽 done ❤️ 🇮🇸🇩🇪 👩‍🌾 𝔉𝔬𝔤 ﬁsh",
    "fog fog the fog | the the fog bank",
)
QUERIES_OF_LANGUAGES = (
    "fog", "the fog", '"the fog"', '"fog the"', '"fog fog"', "don't", '"12:30"', '"12 30"', "don*", "strasse", "mass*",
    "naive", "οδυσσεας", "τους", "еще", "ел*", "كتب", "الض*", "שלום", "東京", "京都", "都京", "天", "天気", "天気図", "気図を",
    '"行った 京都"', '"行った京都"', "図", "見た天気", "서울", "seoul서울", "서*", "안개", "หมอก", "น้ำ", "नदी", "हिन*", "👍", "❤", "🇮🇸", "🇩🇪🇮🇸",
    "👩‍🌾", "🌾", "fish", "fi*", "-fog", "-東 -fog", '"fog bank"', "a_b", "example.org", '"the the"', "is:post fog", '"fog | the"',
)  # fmt: skip


class Scan:
    """All shown posts of a site, as they are read from content/."""

    def __init__(self, config: Config) -> None:
        clock = site_language.clock(config)
        self.threads: list[ThreadFacts] = []
        stated: list[Statement] = []
        hidden: list[tuple[str, str]] = []
        for file, stored in hide_rules.read_threads(config, hide_rules.load(config, clock)):
            shown = [s.post for s in stored if not (s.hidden or file.is_held_back)]
            others = [s.post for s in stored if s.hidden or file.is_held_back]
            own = heading(file, stored)
            self.threads.append(ThreadFacts(shown, clock, others, date=own.date, tags=own.tags))
            stated += [Statement(post.network, post.author) for post in shown]
            hidden += [(post.network, post.id) for post in others]
        profiles = [stored.profile for _, stored in content_folder.read_profiles(config.content)]
        stated += [Statement(profile.network, profile.author) for profile in profiles]
        self.names = AccountNames(stated, queries.people(config))
        self.hidden = frozenset(hidden)

    def find(self, query: Query) -> set[tuple[str, str]]:
        """Return network and id of the posts that a query matches."""
        matcher = compile_query(query)
        posts = (facts for thread in self.threads for facts in thread)
        found = (p.post for p in posts if matcher.matches(p, self.names, self.hidden))
        return {(post.network, post.id) for post in found}


class Indexed:
    """A site that was built, and which post each number in its index is."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.reader = IndexReader(config.output)
        self.scan = Scan(config)
        self.identities = self.reader.identities
        assert {*self.identities} == self.scan.find(Query())
        assert len({*self.identities}) == len(self.identities) == len(self.reader.results())

    def find(self, query: Query) -> set[tuple[str, str]]:
        """Return network and id of the posts that the index finds."""
        return {self.identities[number] for number in self.reader.find(query)}


def indexed(folder: Path, *threads: Thread, toml: str = NO_PAGES) -> Indexed:
    config = site(folder, *threads, toml=toml)
    builds.build(config)
    return Indexed(config)


def rewrite(config: Config, old: str, new: str) -> None:
    """Replace what files of content say."""
    files = config.content.glob("threads/*/*.md")
    path, text = next((p, t) for p in files if old in (t := p.read_text("utf-8")))
    path.write_text(text.replace(old, new), "utf-8")


def single(posts: tuple[Post, ...]) -> Thread:
    return Thread(posts[0].id, posts[0].network, posts)


PEOPLE_TOML = "".join(
    f"[[people]]\nname = {name!r}\naccounts = {[*accounts]!r}\n"
    for name, accounts in PEOPLE.items()
)


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Indexed:
    folder = tmp_path_factory.mktemp("cases")
    zone = '[site]\ntimezone = "Europe/Berlin"\n'
    threads = [single(posts) for posts in POSTS]
    return indexed(folder, *threads, toml=f"{zone}{NO_PAGES}{PEOPLE_TOML}")


def test_it_finds_what_a_scan_finds(cases: Indexed) -> None:
    texts = [text for text, _ in CASES]
    found = {text: cases.find(parse(text)) for text in texts}
    assert found == {text: cases.scan.find(parse(text)) for text in texts}


def test_it_finds_words_and_phrases_in_all_scripts(tmp_path: Path) -> None:
    posts = [Post(f"p{at}", "x", text) for at, text in enumerate(LANGUAGES)]
    made = indexed(tmp_path, *[single((post,)) for post in posts])
    found = {text: made.find(parse(text)) for text in QUERIES_OF_LANGUAGES}
    assert found == {text: made.scan.find(parse(text)) for text in QUERIES_OF_LANGUAGES}
    assert sum(map(bool, found.values())) > len(found) * 0.8


@long_law
@given(archives(), st.lists(QUERIES, min_size=5, max_size=5))
def test_it_finds_what_a_scan_finds_in_any_archive(
    threads: tuple[Thread, ...], listed: list[Query]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        made = indexed(Path(name), *threads)
        for query in listed:
            if not any(str(term.condition).startswith("topic:") for term in query.terms):
                assert made.find(query) == made.scan.find(query)


def test_nothing_hidden_is_in_any_file(tmp_path: Path) -> None:
    ben = Author("zebra.example", "did:plc:zebra", "Zebra")
    threads = [
        single((Post("shown", "bluesky", "Fog", author=Author("ada.example")),)),
        single((Post("secret1", "bluesky", "Quagga", author=ben, tags=("okapi",)),)),
        single(
            (
                Post("first", "bluesky", "Weir", author=Author("ada.example")),
                Post("secret2", "bluesky", "Quagga", author=ben, reply_to="first"),
                Post("answer", "bluesky", "Mill", author=Author("ada.example"), reply_to="secret2"),
            )
        ),
    ]
    made = indexed(tmp_path, *threads, toml=f'[privacy]\nhide = ["quagga"]\n{NO_PAGES}')
    assert sorted(made.identities) == [("bluesky", n) for n in ("answer", "first", "shown")]
    files = {n: d.lower() for n, d in tree(made.config.output / "search").items()}
    for word in (b"quagga", b"zebra", b"okapi", b"secret"):
        assert [name for name, data in files.items() if word in name.encode() + data] == []


def test_an_edit_that_only_results_show_changes_only_their_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (records, search_edits, search_index):
        monkeypatch.setattr(module, "POSTS_PER_SEGMENT", POSTS_PER_FILE)
    days = [
        f"2024-{1 + at // 28:02}-{1 + at % 28:02}T10:30:00Z" for at in range(POSTS_PER_FILE + 8)
    ]
    posts = [Post(f"p{at}", "x", f"Fog number{at}.", day) for at, day in enumerate(days)]
    config = indexed(tmp_path, *[single((post,)) for post in posts]).config
    edits = (
        ("Fog number39.", "FOG, number39!"),
        ("2024-02-12T10:30", "2024-02-12T10:31"),
        ("Fog number0.", "fog: number0."),
    )
    for (old, new), own in zip(edits, (1, 1, 0), strict=True):
        before = IndexReader(config.output).directory["segments"]
        rewrite(config, old, new)
        written = {path for path in builds.build(config).written if path.startswith("search/")}
        assert written == {"search/index.js", f"search/posts/{own}.js"}
        after = IndexReader(config.output).directory["segments"]
        assert after[own]["results"] != before[own]["results"]
        before[own]["results"] = after[own]["results"]
        assert after == before
        assert not differences(tree(config.output), cold(config))


def test_posts_are_numbered_from_the_oldest(tmp_path: Path) -> None:
    posts = [
        Post("b", "x", "1", created_at="2020-05-01T10:00:00Z"),
        Post("a", "x", "2", created_at="2020-05-01T12:00:00+02:00"),
        Post("z", "x", "3", created_at="1999-01-01"),
        Post("y", "x", "4"),
        Post("c", "x", "5", created_at="2021-05-01T10:00:00Z"),
        Post("w", "x", "6"),
    ]
    answer = Post("d", "x", "7", reply_to="z", created_at="2020-06-01T10:00:00Z")
    threads = [single((each, answer) if each.id == "z" else (each,)) for each in posts]
    made = indexed(tmp_path, *threads)
    assert "".join(identity for _, identity in made.identities) == "ywzbadc"
    assert made.reader.directory["undated"] == 2
    days = [facets["days"] for facets in made.reader.facets]
    assert days == ["", "", "1999-01-01", "2020-05-01", "2020-05-01", "2020-06-01", "2021-05-01"]


def test_what_a_result_has(tmp_path: Path) -> None:
    ada = Author("ada.example", "did:plc:ada", "Ada Brook")
    posts = (
        Post("1", "bluesky", "</script>\u2028 é\n\nb", "2024-05-01T22:30:00Z", ada, langs=("en_GB",),
             counts=Counts(likes=3), media=(Media("image", None, "A heron"),), card=Card("T", "D", "https://a.example")),
        Post("2", "bluesky", "Spoiled", "2024-05-02", Author("ben.example"), reply_to="1", warning="Look away"),
        Post("3", "bluesky", "x " * 1500, None, ada, repost_of="9", elsewhere=(Elsewhere("9", author=Author("cem.example")),)),
    )  # fmt: skip
    toml = f'[site]\ntimezone = "Europe/Berlin"\n{NO_PAGES}'
    made = indexed(tmp_path, single(posts[:2]), single(posts[2:]), toml=toml)
    who = ["Ada Brook", "ada.example", "", "bluesky"]
    assert made.reader.results() == [
        ["bluesky-3.html", f"{('x ' * 1000)[:1997]}…", who, "", 3, "", None, 0, "", "@cem.example", [], None],
        ["bluesky-1.html", "</script>\u2028 é\n\nb", who, "2024-05-02T00:30", 0, "en-GB", 3, 1, "", "", ["A heron", "T", "D"], None],
        ["bluesky-2.html", "Spoiled", ["", "ben.example", "", "bluesky"], "2024-05-02", 2, "", None, 0, "", "@ada.example", [], "Look away"],
    ]  # fmt: skip
    _, posts = made.reader.load("search/posts/0")
    assert [len(post) for post in posts] == [10, 11, 12]
    assert all(b"\xe2\x80\xa8" not in data for data in tree(tmp_path / "public/search").values())


def test_a_result_says_once_whose_post_a_repost_on_x_repeats(tmp_path: Path) -> None:
    text = "RT @cem: Fog on the moor…"
    post = Post("1", "x", text, "2012-05-01T10:00:00Z", Author("ada"), mentions=("cem",))
    made = indexed(tmp_path, single((post,)), toml=NO_PAGES)
    ((_, shown, *_, other, _, _),) = made.reader.results()
    assert (shown, other) == ("Fog on the moor…", "@cem")
