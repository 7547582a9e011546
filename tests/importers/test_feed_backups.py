"""Backups and networks in feeds: what is not public stays out, in any words and in every output."""

from __future__ import annotations

import json
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.errors import SitegenError, SourceError
from sitegen.formats import archives
from sitegen.formats.encodings import decode
from sitegen.ingest import pipeline
from sitegen.model import Post
from sitegen.sources import HEAD_BYTES, Imported, Include, Options, Source, registry
from sitegen.sources.feeds.backup_archive import Backups
from sitegen.sources.feeds.importer import Feed
from sitegen.sources.feeds.microformats.importer import HFeed
from sitegen.sources.feeds.microformats.medium import MediumExport
from sitegen.sources.feeds.rss_and_atom import read_large, read_xml
from sitegen.sources.feeds.xml.parser import parse

from .expected import holds

HERE = Path(__file__).parent
GOLDENS = [*HERE.glob("feed/*/expected.json"), *HERE.glob("hfeed/*/expected.json")]
WELL_FORMED = [p for p in sorted(HERE.glob("feed/*/input.xml")) if p.parent.name != "broken_xml"]
SECRET = "quagmire"
WP = 'xmlns:wp="http://wordpress.org/export/1.2/"'
ACTIVITY = 'xmlns:activity="http://activitystrea.ms/spec/1.0/"'
MASTODON = 'xmlns:mastodon="http://mastodon.social/schema/1.0"'
APP = 'xmlns:app="http://www.w3.org/2007/app"'
BLOGGER = 'xmlns:blogger="http://schemas.google.com/blogger/2018"'
PUBLISHED = "<wp:status>publish</wp:status><wp:post_type>post</wp:post_type>"
WORDS = st.text(
    st.characters(min_codepoint=32, exclude_categories=["Cs", "Cn"], exclude_characters="<>&"),
    min_size=1,
    max_size=20,
)


def read(folder: Path, text: str, *include: Include) -> Imported:
    """Import the text of a feed or a page as the command does."""
    path = folder / "feed"
    path.write_text(text, "utf-8")
    source = Source(path, path.read_bytes()[:HEAD_BYTES])
    reader = Feed() if Feed().detect(source) else HFeed()
    imported = reader.read(source, Options(include=frozenset(include)))
    assert imported.records == len(posts(imported)) + len(imported.exclusions)
    return imported


def posts(imported: Imported) -> list[Post]:
    return [post for thread in imported.threads for post in thread.posts]


def rss(*items: str, declared: str = "") -> str:
    inside = "".join(f"<item>{item}</item>" for item in items)
    return f'<rss version="2.0" {declared}><channel><title>Log</title>{inside}</channel></rss>'


def atom(*entries: str, declared: str = "") -> str:
    inside = "".join(f"<entry>{entry}</entry>" for entry in entries)
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {declared}>{inside}</feed>'


def secret(*more: str) -> str:
    """Return the inside of an item all words of which must stay unread."""
    return (
        f"<title>{SECRET}</title><link>https://log.example/{SECRET}</link><guid>{SECRET}1</guid>"
        f"<author>{SECRET}</author><category>{SECRET}</category>"
        f"<description>{SECRET}</description>{''.join(more)}"
    )


def entry(*more: str) -> str:
    return (
        f"<id>tag:log.example,2020:{SECRET}</id><title>{SECRET}</title>"
        f"<author><name>{SECRET}</name></author><content>{SECRET}</content>{''.join(more)}"
    )


def element(name: str, text: str) -> str:
    return f"<{name}>{text}</{name}>"


@pytest.mark.parametrize("path", GOLDENS, ids=lambda p: p.parent.name)
def test_nothing_hidden_is_in_what_was_read(path: Path) -> None:
    """The inputs call everything that is not public hidden."""
    assert "hidden" not in path.read_text("utf-8")


@given(WORDS)
def test_a_status_in_any_words_keeps_a_wordpress_item_in(
    tmp_path_factory: pytest.TempPathFactory, word: str
) -> None:
    status = element("wp:status", word) + element("wp:post_type", "post")
    text = rss(secret(status), "<description>Shown</description>" + PUBLISHED, declared=WP)
    imported = read(tmp_path_factory.mktemp("wp"), text)
    is_open = word.strip().casefold() == "publish"
    assert (SECRET in repr(imported)) is is_open
    assert len(posts(imported)) == 1 + is_open


@pytest.mark.parametrize(
    ("key", "setting", "is_open"),
    [
        ("_members_access_role", "subscriber", False),
        ("_restrict_content", "1", False),
        ("rcp_access_level", "3", False),
        ("rcp_access_level", "None", True),
        ("rcp_subscription_level", "any-paid", False),
        ("pmproLevel", "2", False),
        ("paywallEnabled", "yes", False),
        ("_post_password", "heron", False),
        ("_jetpack_newsletter_access", "subscribers", False),
        ("_jetpack_newsletter_access", "paid_subscribers", False),
        ("_jetpack_newsletter_access", "everybody", True),
        ("_jetpack_memberships_contains_paid_content", "", True),
        ("_membership_levels", "a:0:{}", True),
        ("_access_count", "12", True),
        ("_accessibility_checked", "1", True),
        ("_edit_last", "1", True),
        ("_thumbnail_id", "9", True),
        ("_wp_old_slug", "members-only", True),
        ("_wp_page_template", "members.php", True),
        ("_yoast_wpseo_metadesc", "Fog", True),
        ("_et_pb_use_builder", "on", True),
    ],
)
def test_a_setting_that_restricts_who_sees_a_post_keeps_it_out(
    key: str, setting: str, is_open: bool, tmp_path: Path
) -> None:
    meta = element("wp:meta_key", key) + element("wp:meta_value", f"<![CDATA[{setting}]]>")
    text = rss(secret(PUBLISHED, element("wp:postmeta", meta)), declared=WP)
    imported = read(tmp_path, text)
    assert (SECRET in repr(imported)) is is_open
    assert [e.reason for e in imported.exclusions] == ([] if is_open else ["not public"])
    assert len(posts(read(tmp_path, text, "unknown"))) == 1


@given(st.sampled_from(["blogger", "app", "scope", "visibility", "kind"]), WORDS)
def test_no_word_that_is_not_known_opens(
    tmp_path_factory: pytest.TempPathFactory, where: str, word: str
) -> None:
    term = word.replace('"', "'")
    text = {
        "blogger": atom(
            entry(element("blogger:type", "POST"), element("blogger:status", word)),
            declared=BLOGGER,
        ),
        "app": atom(entry(element("app:control", element("app:draft", word))), declared=APP),
        "scope": atom(entry(element("mastodon:scope", word)), declared=MASTODON),
        "kind": atom(entry(f'<category scheme="http://g.example/2005#kind" term="{term}"/>')),
        "visibility": f'<div class="h-entry"><p class="e-content">{SECRET}</p>'
        f'<a class="u-url" href="/{SECRET}"></a><data class="p-visibility" value="{term}"></data>',
    }[where]
    known = {"live", "no", "false", "public", "unlisted", "published", "publish", "post", "page"}
    imported = read(tmp_path_factory.mktemp("word"), text)
    if word.strip().casefold() not in known:
        assert SECRET not in repr(imported)
        assert len(imported.exclusions) == 1


@pytest.mark.parametrize(
    ("declared", "inside"),
    [
        (WP.replace("1.2", "9.9"), "<wp:status>draft</wp:status>"),
        (WP.replace("xmlns:wp", "xmlns:w"), "<w:status>draft</w:status>"),
        ('xmlns:wp="http://other.example/"', "<wp:status>draft</wp:status>"),
        ("", f"<status {WP.replace(':wp', '')}>draft</status>"),
        ("", "<wp:status>draft</wp:status>"),
        (WP, "<wp:status><![CDATA[draft]]></wp:status><wp:post_type>post</wp:post_type>"),
        (WP, "<wp:status>publish</wp:status>"),
        (WP, "<wp:post_type>post</wp:post_type>"),
        (WP, f"{PUBLISHED}<wp:post_password>x</wp:post_password>"),
        (WP, f"{PUBLISHED}<wp:status>trash</wp:status>"),
        (WP, ""),
        (WP, f"{PUBLISHED.replace('post</', 'attachment</')}"),
        (APP, "<app:control><app:draft>yes</app:draft></app:control>"),
        (APP, "<app:draft>YES</app:draft>"),
        ("", "<draft xmlns='http://purl.org/atom-blog/ns#'>true</draft>"),
        (MASTODON, "<mastodon:scope>direct</mastodon:scope>"),
        (ACTIVITY, "<activity:verb>http://activitystrea.ms/schema/1.0/favorite</activity:verb>"),
        (ACTIVITY, "<activity:verb>unfollow</activity:verb>"),
    ],
)
@pytest.mark.parametrize("broken", ["", "&nbsp;", "<b>", "<author><name>x"])
def test_a_mark_of_a_backup_closes_an_item_of_any_feed(
    declared: str, inside: str, broken: str, tmp_path: Path
) -> None:
    """Also where the file is not well-formed, and read loosely."""
    text = rss(secret(broken, inside), declared=declared)
    imported = read(tmp_path, text)
    assert SECRET not in repr(imported)
    assert len(imported.exclusions) == 1


def test_an_author_that_never_ends_hides_no_mark(tmp_path: Path) -> None:
    inside = "<author><name>A</name><app:control><app:draft>yes</app:draft></app:control>"
    assert not posts(read(tmp_path, atom(entry(inside), declared=APP)))


def test_what_is_stated_in_unknown_words_can_be_included(tmp_path: Path) -> None:
    inside = "<wp:status>veröffentlicht</wp:status><wp:post_type>post</wp:post_type>"
    text = rss(
        secret(inside), secret(inside, "<wp:post_password>x</wp:post_password>"), declared=WP
    )
    (post,) = posts(read(tmp_path, text, "unknown"))
    assert (post.visibility, post.text) == ("unknown", SECRET)


@pytest.mark.parametrize(
    ("scope", "include", "visibility"),
    [
        ("unlisted", (), "unlisted"),
        ("private", ("followers",), "followers"),
        ("direct", ("direct",), "direct"),
        ("přátelé", ("unknown",), "unknown"),
    ],
)
def test_a_scope_is_kept_with_what_it_lets_in(
    scope: str, include: tuple[Include, ...], visibility: str, tmp_path: Path
) -> None:
    text = atom(entry(element("mastodon:scope", scope)), declared=MASTODON)
    assert posts(read(tmp_path, text, *include))[0].visibility == visibility
    if include:
        assert not posts(read(tmp_path, text))


def test_a_live_feed_of_blogger_only_declares_what_a_backup_has(tmp_path: Path) -> None:
    declared = BLOGGER.replace("2018", "2008")
    text = atom("<id>tag:a,1:1</id><title>T</title><content>Shown</content>", declared=declared)
    assert [post.text for post in posts(read(tmp_path, text))] == ["T\n\nShown"]


def test_the_person_of_an_entry_is_not_the_entry(tmp_path: Path) -> None:
    author = "<author><name>A</name><mastodon:scope>private</mastodon:scope></author>"
    text = atom("<id>tag:a,1:1</id><content>Shown</content>" + author, declared=MASTODON)
    assert [post.text for post in posts(read(tmp_path, text))] == ["Shown"]


def test_a_comment_is_nobodys_text_even_where_it_never_ends(tmp_path: Path) -> None:
    comment = f"<wp:comment><title>{SECRET}</title><description>{SECRET}</description>"
    item = f"<title>Shown</title><guid>u:1</guid>{PUBLISHED}{comment}"
    for end in ("</wp:comment>", ""):
        imported = read(tmp_path, rss(item + end, f"<title>Next</title>{PUBLISHED}", declared=WP))
        assert SECRET not in repr(imported)
        assert "comment" in [e.detail for e in imported.exclusions]
        assert [post.text for post in posts(imported)] == ["Shown", "Next"]


def test_what_is_in_a_comment_is_not_even_kept(tmp_path: Path) -> None:
    inside = f"<wp:comment>{element('wp:comment_author_email', SECRET)}</wp:comment>"
    meta = f"<wp:postmeta>{element('wp:meta_value', SECRET)}</wp:postmeta>"
    for broken in ("", "<b>"):
        parsed = parse(rss(f"<title>T</title>{inside}{meta}{broken}", declared=WP), tmp_path)
        assert SECRET not in repr(parsed)


def test_the_link_of_an_author_is_not_that_of_the_entry(tmp_path: Path) -> None:
    author = '<author><name>A</name><link rel="alternate" href="https://a.example/"/></author>'
    link = '<link rel="alternate" href="https://a.example/1"/>'
    text = atom(f"<id>tag:a,1:1</id>{link}<content>Shown</content>{author}")
    assert posts(read(tmp_path, text))[0].url == "https://a.example/1"


def test_a_position_anywhere_is_left_unread(tmp_path: Path) -> None:
    declared = 'xmlns:gml="http://www.opengis.net/gml" xmlns:g="http://www.georss.org/georss"'
    inside = f"<gml:pos>{SECRET}</gml:pos><g:point>{SECRET}</g:point><guid>u:1</guid>"
    imported = read(tmp_path, rss(f"{inside}<description>Shown</description>", declared=declared))
    assert [post.text for post in posts(imported)] == ["Shown"]
    assert not imported.oddities


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("<description>Shown</description><content:encoded></content:encoded>", "Shown"),
        ("<content:encoded> </content:encoded><description>Shown</description>", "Shown"),
        ("<content:encoded/><description/><excerpt:encoded>Shown</excerpt:encoded>", "Shown"),
        ("<content:encoded>More</content:encoded><description>Shown</description>", "More"),
    ],
)
def test_an_empty_content_hides_no_other_text(inside: str, text: str, tmp_path: Path) -> None:
    declared = (
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"'
    )
    (post,) = posts(read(tmp_path, rss(f"<guid>u:1</guid>{inside}", declared=declared)))
    assert post.text == text


def medium(folder: Path) -> Imported:
    source = Source(folder, b"", archives.open_bundle(folder))
    assert MediumExport().detect(source) == "a Medium export"
    return MediumExport().read(source, Options())


def test_a_medium_export_imports_as_expected(refresh: bool) -> None:
    case = HERE / "medium" / "export"
    holds(medium(case / "input"), case / "expected.json", refresh)
    assert "hidden" not in (case / "expected.json").read_text("utf-8")


def test_a_zip_of_a_medium_export_is_the_same(tmp_path: Path) -> None:
    folder = HERE / "medium" / "export" / "input"
    packed = tmp_path / "medium.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted(folder.rglob("*.html")):
            archive.write(path, f"medium-export/{path.relative_to(folder).as_posix()}")
    importer, source = registry.detect(packed)
    assert importer.read(source, Options()).threads == medium(folder).threads


def test_a_folder_of_backups_is_the_blogs_that_it_has(tmp_path: Path) -> None:
    """WordPress.com cuts an export into parts; Takeout has a folder for each blog."""
    home = "<link>https://log.example/</link>"
    for part in (1, 2):
        items = f"<title>Part {part}</title><guid>u:{part}</guid>{PUBLISHED}", secret()
        text = rss(*items, declared=WP).replace("<title>Log</title>", f"<title>Log</title>{home}")
        (tmp_path / f"export.00{part}.xml").write_text(text, "utf-8")
    blog = tmp_path / "Takeout" / "Blogger" / "Blogs" / "Moths"
    blog.mkdir(parents=True)
    takeout = (HERE / "feed" / "blogger_takeout" / "input.xml").read_text("utf-8")
    (blog / "feed.atom").write_text(takeout, "utf-8")
    (tmp_path / "broken.xml").write_text(f"<rss {WP}><b>" + " " * 3_000_000, "utf-8")
    (blog / "settings.csv").write_text(SECRET, "utf-8")
    importer, source = registry.detect(tmp_path)
    assert importer.name == "blog backup"
    imported = importer.read(source, Options())
    assert [p.text for p in posts(imported)][1:] == ["Part 1", "Part 2"]
    assert [e.record for e in imported.exclusions if e.reason == "damaged"] == ["broken.xml"]
    assert imported.records == len(posts(imported)) + len(imported.exclusions)
    assert SECRET not in repr(imported.threads)
    assert {p.name for p in imported.profiles} == {"Log", "Tove"}


def test_a_folder_of_other_files_is_no_backup(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_text(rss("<title>T</title>"), "utf-8")
    (tmp_path / "notes.xml").write_text(f"<notes {WP}/>", "utf-8")
    assert Backups().detect(Source(tmp_path, b"", archives.open_bundle(tmp_path))) is None


def test_a_damaged_story_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "posts"
    folder.mkdir()
    good = (HERE / "hfeed" / "medium_story" / "input.html").read_bytes()
    (folder / "1.html").write_bytes(good)
    (folder / "2.html").write_bytes(b"<html>" + b"<div>" * 400)
    imported = medium(tmp_path)
    assert [e.reason for e in imported.exclusions] == ["damaged"]
    assert len(posts(imported)) == 1


def test_the_footer_alone_tells_a_story_of_medium(tmp_path: Path) -> None:
    footer = "<footer>Exported from <a href='https://medium.com'>Medium</a> on May 5</footer>"
    for page, count in ((footer, 0), ("", 1)):
        html = f"<div class='h-entry'><p class='e-content'>{SECRET}</p>{page}</div>"
        assert len(posts(read(tmp_path, html))) == count


def test_a_page_of_which_nothing_is_public_leaves_no_profile(tmp_path: Path) -> None:
    head = f"<link rel='canonical' href='https://a.example/{SECRET}'>"
    entry = f"<p class='e-content'>{SECRET}</p><data class='p-visibility' value='private'></data>"
    html = f"<html><head>{head}</head><body><div class='h-entry'>{entry}</div></body></html>"
    imported = read(tmp_path, html)
    assert SECRET not in repr(imported)
    assert len(imported.exclusions) == 1


def test_no_single_option_opens_what_two_reasons_close(tmp_path: Path) -> None:
    inside = element("mastodon:scope", "private") + element("wp:status", "soukromý")
    text = atom(entry(inside), declared=f"{MASTODON} {WP}")
    for include in ("followers", "unknown", "direct"):
        assert SECRET not in repr(read(tmp_path, text, include))


def test_a_feed_says_as_of_when_it_is(tmp_path: Path) -> None:
    head = "<pubDate>Thu, 02 May 2024 10:00:00 GMT</pubDate>"
    for more, until in (
        ("", "2024-05-02T10:00:00Z"),
        (
            "<lastBuildDate>Fri, 03 May 2024 10:00:00 +0200</lastBuildDate>",
            "2024-05-03T10:00:00+02:00",
        ),
        ("<lastBuildDate>Wed, 30 Nov -0001 00:00:00 +0000</lastBuildDate>", "2024-05-02T10:00:00Z"),
    ):
        text = rss("<title>T</title>").replace("<title>Log", f"{head}{more}<title>Log")
        assert read(tmp_path, text).until == until


def test_an_empty_page_of_drafts_is_no_error(tmp_path: Path) -> None:
    draft = (HERE / "hfeed" / "medium_draft" / "input.html").read_text("utf-8")
    imported = read(tmp_path, draft)
    assert [e.reason for e in imported.exclusions] == ["draft"]
    assert "hidden" not in repr(imported)


@pytest.mark.parametrize("path", WELL_FORMED, ids=lambda p: p.parent.name)
def test_a_backup_read_as_a_stream_gives_what_it_gives_at_once(path: Path) -> None:
    text, _ = decode(path.read_bytes())
    assert read_large(path) == read_xml(text, path)


def test_a_backup_that_is_large_keeps_no_more_than_its_texts(tmp_path: Path) -> None:
    item = "<item><title>{0}</title><guid>u:{0}</guid>{1}<more>{3}</more><wp:comment>{2}</wp:comment></item>"
    comment = "<wp:comment_content>" + "x" * 1_500_000 + "</wp:comment_content>"
    path = tmp_path / "export.xml"
    with path.open("w", encoding="utf-8") as file:
        file.write(f'<rss version="2.0" {WP}><channel><title>Log</title>')
        for number in range(12):
            file.write(item.format(number, PUBLISHED, comment, "x" * 1_500_000))
        file.write("</channel></rss>")
    source = Source(path, path.read_bytes()[:HEAD_BYTES])
    tracemalloc.start()
    imported = Feed().read(source, Options())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (len(posts(imported)), len(imported.exclusions)) == (12, 12)
    assert peak < path.stat().st_size / 2


def test_a_large_file_that_is_not_well_formed_is_refused_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "export.xml"
    path.write_bytes(b"<rss><channel><item>&nope;" + b" " * (33 * 2**20))
    with pytest.raises(SourceError) as caught:
        Feed().read(Source(path, path.read_bytes()[:HEAD_BYTES]), Options())
    assert "\n" not in str(caught.value)
    assert caught.value.hint


@pytest.mark.parametrize(
    "said",
    [
        {"draft": True}, {"is_draft": 1}, {"_draft": "yes"}, {"private": True},
        {"isPrivate": "true"}, {"hidden": True}, {"published": False}, {"Visibility": "friends"},
        {"_pier": {"visibility": "private"}}, {"_pier": {"post-status": ["draft"]}},
        {"status": "draft"}, {"access": "Private"}, {"unlisted": True}, {"visibility": 3},
        {"status": "in stock"}, {"access": "by ferry"}, {"_visibility": "rodina"},
        {"visibility": ["public", "Freunde"]}, {"visibility": []}, {"visibility": {"name": "public"}},
        {"visibility": False}, {"audience": ["members"]}, {"published": "no"}, {"public": "nein"},
        {"PRIVATE": "ja"}, {"_pier": {"more": [{"Is-Draft": "true"}]}}, {"_password": "fog"},
        {"_pier": {"status": "ukryty"}}, {"visibility": "public", "_visibility": "sólo yo"},
        {"followers_only": True}, {"_pier": [{"state": "非公開"}]}, {"_acl": ["friends"]},
        {"pier": {"visibility": "members"}}, {"extensions": {"a": {"status": "draft"}}},
    ],
)  # fmt: skip
def test_words_that_keep_an_item_of_a_json_feed_private_are_read(
    said: dict[str, object], tmp_path: Path
) -> None:
    items = [
        {"id": "1", "url": "https://a.example/1", "content_text": SECRET, **said},
        {"id": "2", "url": "https://a.example/2", "content_text": "The ferry is late."},
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "A", "items": items}
    found = read(tmp_path, json.dumps(feed))
    assert [post.text for post in posts(found)] == ["The ferry is late."]
    assert len(found.exclusions) == 1


@pytest.mark.parametrize(
    ("said", "is_open"),
    [
        ({"visibility": "private"}, False),
        ({"_visibility": "amigos"}, False),
        ({"_pier": {"access": "members", "visibility": "Freunde"}}, False),
        ({"status": "draft"}, False),
        ({"private": "true"}, False),
        ({"status": "up to date"}, True),
        ({"visibility": "public"}, True),
    ],
)
def test_what_a_feed_says_of_itself_is_said_of_all_its_items(
    said: dict[str, object], is_open: bool, tmp_path: Path
) -> None:
    items = [{"id": "1", "url": "https://a.example/1", "content_text": SECRET}]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "A", "items": items, **said}
    found = read(tmp_path, json.dumps(feed))
    assert (SECRET in repr(found)) == is_open
    assert (len(posts(found)), len(found.exclusions)) == (is_open, not is_open)


@pytest.mark.parametrize(
    "said",
    [
        {"draft": False}, {"private": 0}, {"hidden": None}, {"published": True},
        {"status": "Published"}, {"access": "free"}, {"visibility": "Public"}, {"status": ""},
        {"authors": [{"status": "away"}]},
        {"visibility": None, "published": "2024-05-02"}, {"_pier": {"visible": "1", "draft": "off"}},
        {"_pier": {"visibility": "public"}}, {"public": True}, {"tags": ["private"]},
    ],
)  # fmt: skip
def test_other_words_of_a_json_feed_close_nothing(said: dict[str, object], tmp_path: Path) -> None:
    item = {"id": "1", "url": "https://a.example/1", "content_text": "Fog.", **said}
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "A", "items": [item]}
    assert [post.text for post in posts(read(tmp_path, json.dumps(feed)))] == ["Fog."]


@pytest.mark.parametrize("when", ["", "Not yet", "0000-00-00"])
def test_a_story_of_medium_whose_time_is_none_is_a_draft(when: str, tmp_path: Path) -> None:
    page = (
        f'<article class="h-entry"><h1 class="p-name">{SECRET}</h1>'
        f'<section data-field="body" class="e-content"><p class="graf">{SECRET}</p></section>'
        f'<footer><time class="dt-published">{when}</time>'
        "<p>Exported from <a>Medium</a> on May 1, 2024.</p></footer></article>"
    )
    found = read(tmp_path, f"<html><body>{page}</body></html>")
    assert not posts(found)
    assert [e.reason for e in found.exclusions] == ["draft"]


def test_the_folder_of_stories_of_a_medium_export_is_read_by_itself(tmp_path: Path) -> None:
    page = (
        '<article class="h-entry"><h1 class="p-name">{0}</h1><section data-field="body" '
        'class="e-content"><p class="graf">{0}</p></section><footer>{1}'
        "<p>Exported from <a>Medium</a> on May 1, 2024.</p></footer></article>"
    )
    time = '<time class="dt-published" datetime="2024-05-01T10:00:00Z">May 1</time>'
    folder = tmp_path / "posts"
    folder.mkdir()
    (folder / "2024-05-01_Ferry.html").write_text(page.format("The ferry", time), "utf-8")
    (folder / "draft_Next.html").write_text(page.format(SECRET, ""), "utf-8")
    (found,) = pipeline.read([folder], Options())
    assert [post.text for post in posts(found.imported)] == ["The ferry"]
    assert [e.reason for e in found.imported.exclusions] == ["draft"]
    (folder / "note.html").write_text("<p>another page</p>", "utf-8")
    with pytest.raises(SitegenError):
        pipeline.read([folder], Options())


ELEMENTS = [
    ("<status>draft</status>", False),
    ("<visibility>prywatny</visibility>", False),
    ("<x:private xmlns:x='http://x.example/'>ja</x:private>", False),
    ("<g:visibility xmlns:g='http://g.example/'>members</g:visibility>", False),
    ("<d:accessRights xmlns:d='http://purl.org/dc/terms/'>Private</d:accessRights>", False),
    ("<j:security xmlns:j='http://j.example/lj/'>usemask</j:security>", False),
    ("<x:meta xmlns:x='http://x.example/'><x:draft>true</x:draft></x:meta>", False),
    (
        "<b:visibility xmlns:b='http://schemas.google.com/blogger/2018'>PRIVATE</b:visibility>",
        False,
    ),
    ("<state>Ohio</state><x:private xmlns:x='http://x.example/'>no</x:private>", True),
    ("<visibility>public</visibility><audience>everyone at the pier</audience>", True),
]


@pytest.mark.parametrize(("said", "is_open"), ELEMENTS)
def test_elements_that_say_who_sees_an_item_are_read_in_any_feed(
    said: str, is_open: bool, tmp_path: Path
) -> None:
    item = f"<title>{SECRET}</title><description>{SECRET}</description><guid>urn:a</guid>{said}"
    shown = "<title>Fog</title><description>Fog</description><guid>urn:b</guid>"
    loose = rss(item, shown).replace("Fog</description>", "Fog &nope; <br></description>")
    of_entry = f"<id>urn:a</id><title>{SECRET}</title><content>{SECRET}</content>{said}"
    entries = atom(f"<entry>{of_entry}</entry><entry><id>urn:b</id><title>Fog</title></entry>")
    for text in (rss(item, shown), loose, entries):
        found = read(tmp_path, text)
        assert (SECRET in repr(found)) == is_open
        assert len(posts(found)) == 1 + is_open
    of_feed = rss(item.replace(said, "")).replace("<title>Log", f"{said}<title>Log")
    assert len(posts(read(tmp_path, of_feed))) == is_open
