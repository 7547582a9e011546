"""Feeds of invented sites: whole imports as goldens, other encodings, other networks, bad input."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.errors import SourceError
from sitegen.model import Author, Post
from sitegen.sources import HEAD_BYTES, Imported, Options, Source
from sitegen.sources.feeds.importer import Feed
from sitegen.sources.feeds.items.post_ids import network_id
from sitegen.sources.feeds.items.times import iso

from .expected import holds

CASES = Path(__file__).parent / "feed"
INPUTS = sorted(CASES.glob("*/input.*"))
ITEM = "<item><guid>https://x.example/{0}</guid><description>{0}</description></item>"


def source(path: Path) -> Source:
    return Source(path, path.read_bytes()[:HEAD_BYTES])


def read(path: Path, account: str | None = None) -> Imported:
    """Import a file as the command does."""
    imported = Feed().read(source(path), Options(account))
    assert imported.records == len(posts(imported)) + len(imported.exclusions)
    return imported


def posts(imported: Imported) -> list[Post]:
    return [post for thread in imported.threads for post in thread.posts]


def made(folder: Path, data: str | bytes) -> Path:
    path = folder / "feed"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def rss(*items: str, head: str = "") -> str:
    return (
        f'<?xml version="1.0"?>{head}<rss version="2.0"><channel>{"".join(items)}</channel></rss>'
    )


@pytest.mark.parametrize("path", INPUTS, ids=lambda p: p.parent.name)
def test_a_feed_imports_as_expected(path: Path, refresh: bool) -> None:
    holds(read(path), path.parent / "expected.json", refresh)


@pytest.mark.parametrize(
    ("begin", "found"),
    [
        ("<rss version='2.0'>", "an RSS feed"),
        ("\ufeff<?xml version='1.0'?>\n<!-- <feed> -->\n<rss>", "an RSS feed"),
        ("<!DOCTYPE rss [<!ENTITY a 'b>'>]>\n<rss>", "an RSS feed"),
        ("<rdf:RDF xmlns:rdf='x' xmlns='http://purl.org/rss/1.0/'>", "an RSS feed"),
        ("<feed xmlns='http://www.w3.org/2005/Atom'>", "an Atom feed"),
        ("<a:feed xmlns:a='http://www.w3.org/2005/Atom'>", "an Atom feed"),
        ('{"version": "https://jsonfeed.org/version/1", "items": []}', "a JSON Feed"),
        (r'{"items": [], "version": "https:\/\/jsonfeed.org\/version\/1.1"}', "a JSON Feed"),
        ('{"id": "1", "network": "web", "text": "rss"}', None),
        ('{"items": [{"objectType": "note"}]}', None),
        ("<html><body>rss</body></html>", None),
        ("<feed><me/></feed>", None),
        ("feed", None),
        ("", None),
        ("\x00\x01", None),
    ],
)
def test_a_feed_is_known_by_its_content(begin: str, found: str | None, tmp_path: Path) -> None:
    assert Feed().detect(source(made(tmp_path, begin))) == found


def test_a_version_at_the_end_of_a_long_file_is_found(tmp_path: Path) -> None:
    items = '{"content_text": "long"},' * 4000
    text = f'{{"items": [{items}{{}}], "version": "https://jsonfeed.org/version/1.1"}}'
    path = made(tmp_path, text)
    assert Feed().detect(source(path)) == "a JSON Feed"
    assert len(posts(read(path))) == 1


@pytest.mark.parametrize(
    "encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_every_encoding_reads_the_same(encoding: str, tmp_path: Path) -> None:
    text = rss(ITEM.format("Šumavský žluť – größer".encode("cp1252", "ignore").decode("cp1252")))
    imported = read(made(tmp_path, text.encode(encoding)))
    assert posts(imported)[0].text == posts(read(made(tmp_path, text)))[0].text
    assert bool(imported.oddities) is (encoding == "cp1252")


@pytest.mark.parametrize(
    "encoding", ["zip", "rot13", "punycode", "nothing", "utf-16", "unicode_escape"]
)
def test_an_encoding_that_lies_is_not_believed(encoding: str, tmp_path: Path) -> None:
    text = rss(ITEM.format("größer")).replace('"1.0"', f'"1.0" encoding="{encoding}"')
    assert posts(read(made(tmp_path, text)))[0].text == "größer"


def test_nothing_of_html_is_changed_but_read(tmp_path: Path) -> None:
    html = "<p onclick='x'>A &lt;script&gt; &amp;amp; “quotes” <script>alert(1)</script>ok</p>"
    item = f"<item><guid>u:1</guid><description><![CDATA[{html}]]></description></item>"
    assert posts(read(made(tmp_path, rss(item))))[0].text == "A <script> &amp; “quotes” ok"


def test_text_that_only_looks_damaged_stays(tmp_path: Path) -> None:
    assert posts(read(made(tmp_path, rss(ITEM.format("Ã© is not é")))))[0].text == "Ã© is not é"
    assert posts(read(made(tmp_path, rss(ITEM.format("Ã©")))))[0].text == "Ã©"


def test_entities_are_neither_expanded_nor_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the secret", "utf-8")
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    head = f'<!DOCTYPE rss [<!ENTITY l0 "lol">{lol}<!ENTITY s SYSTEM "{secret.as_uri()}">]>'
    text = posts(read(made(tmp_path, rss(ITEM.format("1 &l11; &s;"), head=head))))[0].text
    assert text == "1 &l11; &s;"


@pytest.mark.parametrize(
    "junk", [" ", "<a ", "<hr><blockquote><b>x (@y)</b>", "https://p.example/"]
)
def test_junk_in_a_post_of_a_proxy_takes_no_long_time(junk: str, tmp_path: Path) -> None:
    """Patterns that begin anew everywhere would take the square of the length."""
    link = "<link>https://p.example/y/status/1#m</link>"
    html = f"<p>Shown</p>{junk * 20_000}"
    item = f"<item>{link}<description><![CDATA[{html}]]></description></item>"
    (post,) = posts(read(made(tmp_path, rss(item))))
    assert post.text.startswith("Shown")


def test_an_item_that_the_file_breaks_off_in_is_named(tmp_path: Path) -> None:
    whole = rss(*(ITEM.format(n) for n in range(3)))
    imported = read(made(tmp_path, whole[: whole.rindex("</description>")]))
    assert [post.text for post in posts(imported)] == ["0", "1"]
    assert [(e.record, e.reason) for e in imported.exclusions] == [("item 3", "damaged")]


def test_an_e_mail_address_is_nobodys_name(tmp_path: Path) -> None:
    item = ITEM.format("1").replace("<guid", "<author>who@x.example</author><guid")
    other = ITEM.format("2").replace("<guid", "<author>you@x.example (You There)</author><guid")
    imported = read(made(tmp_path, rss(item, other)))
    assert [post.author.name for post in posts(imported)] == [None, "You There"]
    assert "@x.example" not in repr(imported)


def test_ids_that_are_no_addresses_are_told_apart_by_their_site(tmp_path: Path) -> None:
    item = "<item><guid isPermaLink='false'>7</guid><description>a</description></item>"
    ids = {
        posts(read(made(tmp_path, rss(f"<link>https://{host}/</link>", item))))[0].id
        for host in ("a.example", "b.example")
    }
    assert ids == {"7@a.example", "7@b.example"}


def test_an_account_given_names_who_wrote_a_feed_that_does_not_say(tmp_path: Path) -> None:
    path = made(tmp_path, rss(ITEM.format("1")))
    assert posts(read(path))[0].author == Author()
    assert "--account" in read(path).notes[0]
    assert posts(read(path, "@pip.example"))[0].author.handle == "pip.example"


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("at://did:plc:abc/app.bsky.feed.post/3kaaaaaaaaa2b", ("bluesky", "3kaaaaaaaaa2b")),
        ("at://did:plc:abc/app.bsky.feed.post/self", ("bluesky", "self@did:plc:abc")),
        ("at://did:plc:abc/app.bsky.feed.like/3kaaaaaaaaa2b", None),
        ("https://bsky.app/profile/a.example/post/3kaaaaaaaaa2b", ("bluesky", "3kaaaaaaaaa2b")),
        ("https://h.example/users/bo/statuses/12", ("mastodon", "12@h.example")),
        ("https://h.example/ap/users/34/statuses/12", ("mastodon", "12@h.example")),
        ("https://H.example/@bo/12", ("mastodon", "12@h.example")),
        ("https://h.example/@bo/twelve", None),
        ("https://h.example/@bo/12/embed", None),
        ("https://x.com/bo/status/99", ("x", "99")),
        ("https://twitter.com/i/web/status/99", ("x", "99")),
        ("https://h.example/12", None),
    ],
)
def test_an_address_gives_the_name_on_its_own_network(
    address: str, name: tuple[str, str] | None
) -> None:
    assert network_id(address) == name


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("Tue, 05 Nov 2024 07:08:09 GMT", "2024-11-05T07:08:09Z"),
        ("05 Nov 2024 07:08 +0530", "2024-11-05T07:08:00+05:30"),
        ("2024-11-05T07:08:09.123456+0100", "2024-11-05T07:08:09.123456+01:00"),
        ("2024-11-05", "2024-11-05"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ("Tue, 99 Nov 2024 07:08:09 GMT", None),
        ("2024-13-05", None),
        ("Wed, 30 Nov -0001 00:00:00 +0000", None),
        ("-0001-11-30T00:00:00+00:00", None),
        ("0000-00-00 00:00:00", None),
        ("30-Nov--0001 00:00:00", None),
        ("30 Nov 0000 00:00:00 GMT", None),
        ("Sun, 30 Nov 102 00:00:00 +0000", None),
        ("31 Feb 2024 10:00:00 GMT", None),
        ("Thu, 02 May 2024 25:00:00 GMT", None),
        ("Thu, 02 May 2024 10:00:00 +9900", None),
        ("Thursday, 2 September 2024 10:00:00 +0200", "2024-09-02T10:00:00+02:00"),
        ("Thu, 02-May-2024 10:00:00 GMT", "2024-05-02T10:00:00Z"),
        ("02 May 24 10:00 GMT", "2024-05-02T10:00:00Z"),
        ("18 Sept 2018", "2018-09-18"),
        ("2019/11/15", "2019-11-15"),
        ("2019/11/15 10:20:30", "2019-11-15T10:20:30"),
        ("2019/13/15", None),
        ("2024-05-02 10:00", "2024-05-02T10:00"),
        ("2024-05-02t10:00:00z", "2024-05-02T10:00:00Z"),
        ("2024-05-02 10:00:00 +0100", "2024-05-02T10:00:00+01:00"),
        ("2024-05-02 10:00:00 UTC", "2024-05-02T10:00:00Z"),
        ("2024-05-02x10:00", None),
        ("2024-05", None),
        ("yesterday", None),
        ("9" * 5000, None),
        ("", None),
        (None, None),
    ],
)
def test_times(written: str | None, read_as: str | None) -> None:
    assert iso(written) == read_as


@pytest.mark.parametrize(
    "data",
    [
        '{"version": "https://jsonfeed.org/version/1", "items": 5}',
        '{"version": "https://jsonfeed.org/version/1", "items": [',
        '{"version": "https://jsonfeed.org/version/1", "items": ' + "[" * 100_000,
        "[]",
    ],
)
def test_a_json_feed_that_is_none_is_refused(data: str, tmp_path: Path) -> None:
    path = tmp_path / "feed.json"
    path.write_text(data if data[0] == "{" else f"{{{data}", "utf-8")
    with pytest.raises(SourceError) as caught:
        read(path)
    assert str(path) in str(caught.value)
    assert caught.value.hint


def test_commas_that_nothing_follows_are_forgiven_in_a_json_feed(tmp_path: Path) -> None:
    items = '[{"id": "https://fen.example/1", "content_text": "Fog, ] and mist,",},]'
    data = f'{{"version": "https://jsonfeed.org/version/1.1", "items": {items},}}'
    assert [post.text for post in posts(read(made(tmp_path, data)))] == ["Fog, ] and mist,"]


@pytest.mark.parametrize(
    "data",
    [
        "<rss",
        "<feed xmlns='http://www.w3.org/2005/Atom'>" + "<a>" * 10_000,
        "<rss><channel><item>" + "<![CDATA[" * 5000,
        "<rss>" + "&" * 100_000,
        "<rss><channel>" + "<item><title " * 5_000,
        "<rss>" + "<!" * 50_000,
        "<rss><b>" + " " * 1_000_000,
        "<rss>\x00\x01\ud800".encode("utf-8", "surrogatepass"),
        "<!DOCTYPE rss [" + "<!ENTITY a 'b'>" * 10_000,
        rss(ITEM.format("]]>" * 1000)),
        rss("<item><guid>" + "g" * 100_000 + "</guid></item>"),
    ],
)
def test_hostile_xml_is_read_or_refused_in_one_line(data: str | bytes, tmp_path: Path) -> None:
    try:
        read(made(tmp_path, data))
    except SourceError as error:
        assert "\n" not in str(error)
        assert error.hint


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_comes_through_a_json_feed(
    tmp_path_factory: pytest.TempPathFactory, a: str, b: str
) -> None:
    import json

    items = [{"id": f"u:{n}", "content_text": text} for n, text in enumerate((a, b))]
    text = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items})
    imported = read(made(tmp_path_factory.mktemp("any"), text))
    shown = [t.replace("\r\n", "\n").strip("\n") for t in (a, b)]
    assert [post.text for post in posts(imported)] == [t for t in shown if t.strip()]


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)
JSON_ITEM = {
    "id": "u:1",
    "url": "https://quarry.example/1",
    "external_url": "https://other.example/",
    "title": "Stone",
    "content_html": "<p>Slate.</p>",
    "summary": "Grey",
    "image": "https://quarry.example/1.jpg",
    "banner_image": "https://quarry.example/2.jpg",
    "date_published": "2021-02-03T04:05:06Z",
    "date_modified": "2021-02-04T04:05:06Z",
    "authors": [{"name": "Nils"}],
    "author": {"name": "Nils"},
    "tags": ["stone"],
    "language": "en",
    "attachments": [{"url": "https://quarry.example/1.ogg", "mime_type": "audio/ogg"}],
}
# The fields of a post that a field of an item becomes; of an attachment, also what is said of it.
JSON_FIELDS = {
    "id": {"id"},
    "url": {"url", "links"},
    "external_url": {"card"},
    "title": {"text", "facets"},
    "image": {"media"},
    "banner_image": {"media"},
    "attachments": {"media"},
    "date_published": {"created_at", "edited_at"},
    "date_modified": {"edited_at"},
    "authors": {"author"},
    "author": {"author"},
    "tags": {"tags"},
    "language": {"langs"},
    "summary": set(),
}


@given(st.sampled_from(sorted(JSON_FIELDS)), JSON_VALUES)
def test_a_wrong_field_of_a_json_feed_costs_that_field_only(
    tmp_path_factory: pytest.TempPathFactory, field: str, value: object
) -> None:
    import json

    folder = tmp_path_factory.mktemp("field")
    found = []
    for item in (JSON_ITEM, JSON_ITEM | {field: value}):
        feed = {
            "version": "https://jsonfeed.org/version/1.1",
            "items": [item, {"id": "u:2", "content_text": "Next"}],
        }
        found.append(posts(read(made(folder, json.dumps(feed)))))
    (right, after), (other, last) = found
    assert after == last
    differ = {
        name for name in right.__struct_fields__ if getattr(right, name) != getattr(other, name)
    }
    assert differ <= JSON_FIELDS[field]


@given(
    st.sampled_from(
        [
            "title",
            "home_page_url",
            "feed_url",
            "description",
            "author",
            "authors",
            "language",
            "icon",
        ]
    ),
    JSON_VALUES,
)
def test_a_wrong_field_of_a_whole_json_feed_costs_no_item(
    tmp_path_factory: pytest.TempPathFactory, field: str, value: object
) -> None:
    import json

    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [JSON_ITEM], field: value}
    (post,) = posts(read(made(tmp_path_factory.mktemp("feed"), json.dumps(feed))))
    assert (post.id, post.text) == ("u:1", "Stone\n\nSlate.")


def test_a_feed_read_again_has_the_same_ids(tmp_path: Path) -> None:
    path = CASES / "podcast" / "input.xml"
    assert [p.id for p in posts(read(path))] == [p.id for p in posts(read(path))]
    assert all(p.id for p in posts(read(path)))
