"""Archives of X: every era, what is private stays out, and no record is lost unsaid."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.expected import holds
from importers.x_archives import archive, imported, one, posts_of, tweet
from sitegen.errors import SourceError
from sitegen.formats.archives import Folder, open_bundle
from sitegen.sources import Options, Source
from sitegen.sources.x.importer import XArchive

CASES = Path(__file__).parent / "x_archive"


def source_of(path: Path) -> Source:
    return Source(path, b"", open_bundle(path))


@pytest.mark.parametrize("case", ["modern", "old", "bare"])
def test_an_archive_is_read_as_expected(case: str, refresh: bool) -> None:
    holds(imported(CASES / case / "input"), CASES / case / "expected.json", refresh)


@pytest.mark.parametrize("case", ["modern", "old", "bare"])
def test_a_zip_is_read_as_its_folder(case: str, tmp_path: Path) -> None:
    folder = CASES / case / "input"
    path = tmp_path / "x"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in sorted(folder.rglob("*")):
            packed.write(file, file.relative_to(folder))
    holds(imported(path), CASES / case / "expected.json", is_refreshing=False)


def test_attachments_are_the_files_that_posts_show() -> None:
    found = imported(CASES / "modern" / "input")
    shown = {m.path for p in posts_of(found).values() for m in p.media if m.path}
    shown |= {path for p in found.profiles for path in (p.avatar, p.banner) if path}
    assert set(found.attachments) == shown
    with found.attachments["data/tweets_media/1020-zulu.jpg"].open() as stream:
        assert stream.read() == b"zulu"


PRIVATE = ("Taken back", "For my circle", "For followers", "owner@example", "5550100", "Not done")


def test_nothing_private_is_anywhere_in_what_was_read() -> None:
    shown = repr(imported(CASES / "modern" / "input"))
    assert [words for words in PRIVATE if words in shown] == []


def test_posts_for_followers_are_taken_when_asked_for() -> None:
    post = posts_of(imported(CASES / "modern" / "input", None, "followers"))["1160"]
    assert (post.text, post.visibility) == ("For followers only", "followers")


@pytest.mark.parametrize("action", ["Protect", "protected"])
def test_a_protected_account_is_for_its_followers(action: str, tmp_path: Path) -> None:
    history = [
        {"protectedHistory": {"protectedAt": "2024-05-01T00:00:00.000Z", "action": action}},
        {"protectedHistory": {"protectedAt": "2023-05-01T00:00:00.000Z", "action": "Unprotect"}},
    ]
    path = archive(tmp_path, tweets=[tweet("1", "hush")], protected_history=history)
    assert not imported(path).threads
    assert posts_of(imported(path, None, "followers"))["1"].visibility == "followers"


def test_files_of_messages_are_never_opened(tmp_path: Path) -> None:
    path = archive(
        tmp_path, tweets=[tweet("1", "hello")], direct_messages="x", direct_messages_group="x",
        direct_message_headers="x", grok_chat_item="x",
    )  # fmt: skip
    opened = []

    class Watched(Folder):
        def open(self, name: str) -> BinaryIO:
            opened.append(name)
            return super().open(name)

    found = XArchive().read(Source(path, b"", Watched(path)), Options())
    assert set(opened) == {"data/tweets.js"}
    assert [e.reason for e in found.exclusions] == ["private message"] * 4


@pytest.mark.parametrize("count", ["999999999999", "30", "-3", "many", ""])
def test_a_manifest_that_lies_makes_no_endless_list(count: str, tmp_path: Path) -> None:
    files = [{"fileName": "data/direct-messages.js", "count": count}]
    manifest = {"dataTypes": {"directMessages": {"files": files}, "odd": 7, "none": None}}
    text = f"window.__THAR_CONFIG = {json.dumps(manifest)}"
    path = archive(tmp_path, tweets=[tweet("1", "x")], direct_messages="x" * 40, manifest=text)
    assert len(imported(path).exclusions) == 1


def test_a_part_that_is_listed_but_missing_is_told(tmp_path: Path) -> None:
    files = [
        {"fileName": "data/tweets.js", "count": "1"},
        {"fileName": "data/tweets-part1.js", "count": "5"},
    ]
    manifest = {"userInfo": {"accountId": "7"}, "dataTypes": {"tweets": {"files": files}}}
    text = f"window.__THAR_CONFIG = {json.dumps(manifest)}"
    found = imported(archive(tmp_path, tweets=[tweet("1", "x")], manifest=text))
    assert found.notes[:-1] == ("data/tweets-part1.js with 5 records is listed, but not there",)
    assert found.complete == ()
    assert found.profiles[0].id == "7"


def test_a_file_that_is_cut_off_gives_what_is_there_and_says_so(tmp_path: Path) -> None:
    whole = "window.YTD.tweets.part0 = " + json.dumps([tweet("1", "one"), tweet("2", "two")])
    found = imported(
        archive(tmp_path, tweets=whole[:-40], account=[{"account": {"accountId": "7"}}])
    )
    assert set(posts_of(found)) == {"1"}
    first = found.exclusions[0]
    assert (first.record, first.reason) == ("data/tweets.js 2", "damaged")
    assert found.complete == ()


def test_two_archives_in_one_folder_are_one_line(tmp_path: Path) -> None:
    archive(tmp_path / "a", tweets=[tweet("1", "one")])
    archive(tmp_path / "b", tweets=[tweet("2", "two")])
    with pytest.raises(SourceError, match="has 2 X archives in it"):
        imported(tmp_path)


@pytest.mark.parametrize("text", ["", "[]x", "var tweets = 1", "{}", "<html>", "[1, 2]", "null"])
def test_a_file_of_the_name_alone_is_no_archive(text: str, tmp_path: Path) -> None:
    assert XArchive().detect(source_of(archive(tmp_path, tweets=text))) is None


# Text

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="@#＠＃…"), max_size=40)


@given(before=TEXTS, between=TEXTS, after=TEXTS)
def test_any_text_comes_out_as_written_whatever_stands_around_its_links(
    before: str, between: str, after: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    def escaped(text: str) -> str:
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    link, name = "https://t.co/ll22", "@orla_finch"
    text = f"{escaped(before)}{link} {escaped(between)} {name} {escaped(after)}."
    at, place = len(escaped(before)), len(escaped(before)) + len(link) + 2 + len(escaped(between))
    entities = {
        "urls": [
            {
                "url": link,
                "expanded_url": "https://example.org/",
                "indices": [str(at), str(at + len(link))],
            }
        ],
        "user_mentions": [
            {"screen_name": "orla_finch", "indices": [str(place), str(place + len(name))]}
        ],
    }
    post = one(tmp_path_factory.mktemp("x"), tweet("1", text, entities=entities))
    shown = f"{before}https://example.org/ {between} {name} {after}."
    assert post.text == shown
    assert [(shown[f.start : f.end], f.kind) for f in post.facets] == [
        ("https://example.org/", "link"),
        (name, "mention"),
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a &amp; b &lt; c &gt; d", "a & b < c > d"),
        ("&amp;lt; stays", "&lt; stays"),
        ("&amp;amp;amp;", "&amp;amp;"),
        ("&quot;quoted&#39;", "&quot;quoted&#39;"),
        ("ends in spaces  ", "ends in spaces  "),
        ("two\u2028lines\x85 and\u0000 nul", "two\u2028lines\x85 and\u0000 nul"),
    ],
)
def test_escapes_are_undone_once(text: str, shown: str, tmp_path: Path) -> None:
    assert one(tmp_path, tweet("1", text)).text == shown


def test_half_an_emoji_is_kept_as_it_is(tmp_path: Path) -> None:
    text = f"window.YTD.tweets.part0 = {json.dumps([tweet('1', 'half: HALF')])}"
    (post,) = posts_of(imported(archive(tmp_path, tweets=text.replace("HALF", "\\ud83d")))).values()
    assert post.text == "half: \ud83d"


def status(name: str) -> dict[str, Any]:
    return {"urls": [{"url": "https://t.co/q1", "expanded_url": f"https://{name}/9"}]}


@pytest.mark.parametrize(
    ("address", "quoted"),
    [
        ("twitter.com/mira/status", "9"),
        ("x.com/mira/status", "9"),
        ("mobile.twitter.com/mira/statuses", "9"),
        ("twitter.com/i/web/status", "9"),
        ("nottwitter.com/mira/status", None),
        ("x.com.example/mira/status", None),
        ("example.org/x.com/mira/status", None),
    ],
)
def test_only_the_address_of_a_status_is_a_quote(
    address: str, quoted: str | None, tmp_path: Path
) -> None:
    post = one(tmp_path, tweet("1", "See https://t.co/q1", entities=status(address)))
    assert post.quote_of == quoted
    assert post.text == ("See" if quoted else f"See https://{address}/9")


def test_a_status_within_the_text_is_a_link(tmp_path: Path) -> None:
    post = one(
        tmp_path, tweet("1", "See https://t.co/q1 there", entities=status("x.com/mira/status"))
    )
    assert (post.quote_of, post.text) == (None, "See https://x.com/mira/status/9 there")


@pytest.mark.parametrize(
    ("lang", "langs"),
    [
        ("en", ("en",)),
        ("und", ()),
        ("qme", ()),
        ("zxx", ()),
        ("in", ("id",)),
        ("iw", ("he",)),
        ("", ()),
    ],
)
def test_languages_are_those_that_readers_know(
    lang: str, langs: tuple[str, ...], tmp_path: Path
) -> None:
    assert one(tmp_path, tweet("1", "x", lang=lang)).langs == langs


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("Wed Oct 10 20:19:24 +0000 2018", "2018-10-10T20:19:24Z"),
        ("Thu Jan 01 00:00:00 +0530 1970", "1970-01-01T00:00:00+05:30"),
        ("2018-10-10T20:19:24.120Z", "2018-10-10T20:19:24.12Z"),
        ("Wed Okt 10 20:19:24 +0000 2018", None),
        ("Wed Oct 10 20:19:24 +0000 0000", None),
        ("Wed Feb 30 20:19:24 +0000 2018", None),
        ("yesterday", None),
    ],
)
def test_times_are_read_in_any_locale(written: str, iso: str | None, tmp_path: Path) -> None:
    assert one(tmp_path, tweet("1", "x", created_at=written)).created_at == iso


def test_of_entities_over_each_other_the_first_counts(tmp_path: Path) -> None:
    entities = {
        "urls": [
            {
                "url": "https://t.co/#reed",
                "expanded_url": "https://example.org/",
                "indices": ["0", "18"],
            }
        ],
        "hashtags": [{"text": "reed", "indices": ["13", "18"]}],
    }
    post = one(tmp_path, tweet("1", "https://t.co/#reed, yes", entities=entities))
    assert post.text == "https://example.org/, yes"
    assert [f.kind for f in post.facets] == ["link"]


@pytest.mark.parametrize(
    ("there", "shown"),
    [
        (("low", "mid", "high"), "high"),
        (("low", "mid"), "mid"),
        ((), None),
    ],
)
def test_of_a_film_the_best_file_that_is_there_is_taken(
    there: tuple[str, ...], shown: str | None, tmp_path: Path
) -> None:
    variants = [
        {
            "url": f"https://video.example/{name}.mp4?tag=1",
            "content_type": "video/mp4",
            "bitrate": bitrate,
        }
        for name, bitrate in (("low", "256000"), ("high", "2176000"), ("mid", "832000"))
    ]
    (tmp_path / "data" / "tweets_media").mkdir(parents=True)
    for name in there:
        (tmp_path / "data" / "tweets_media" / f"1-{name}.mp4").touch()
    media = [{"type": "animated_gif", "video_info": {"variants": variants}}]
    (film,) = one(tmp_path, tweet("1", "x", extended_entities={"media": media})).media
    assert film.kind == "video"
    assert film.path == (f"data/tweets_media/1-{shown}.mp4" if shown else None)
    assert film.origin == (f"1-{shown}.mp4" if shown else "https://video.example/high.mp4?tag=1")


# Posts that belong together


def test_an_answer_to_an_earlier_version_is_one_to_the_last(tmp_path: Path) -> None:
    edits = {"edit_info": {"initial": {"editTweetIds": ["1", "2"]}}}
    records = [
        tweet("2", "now", **edits),
        tweet("1", "then", **edits),
        tweet("3", "re", in_reply_to_status_id_str="1"),
    ]
    found = imported(archive(tmp_path, tweets=records))
    (thread,) = found.threads
    assert [(p.id, p.reply_to, [v.text for v in p.history]) for p in thread.posts] == [
        ("2", None, ["then"]),
        ("3", "2", []),
    ]


def test_a_post_that_is_none_of_the_versions_it_lists_is_a_post(tmp_path: Path) -> None:
    edits = {"edit_info": {"initial": {"editTweetIds": ["8", "9"]}}}
    found = posts_of(
        imported(archive(tmp_path, tweets=[tweet("1", "x", **edits), tweet("8", "y")]))
    )
    assert {i: (p.edited_at, p.history) for i, p in found.items()} == {
        "1": (None, ()),
        "8": (None, ()),
    }


def test_versions_that_claim_others_or_each_other_end(tmp_path: Path) -> None:
    def edit(*ids: str) -> dict[str, Any]:
        return {"edit_info": {"initial": {"editTweetIds": list(ids)}}}

    records = [
        tweet("1", "a", **edit("1", "3")),
        tweet("3", "c", **edit("3", "2")),
        tweet("2", "b", **edit("2", "1", "3")),
    ]
    imported(archive(tmp_path, tweets=records))


def test_a_circle_of_answers_and_a_long_chain_are_threads(tmp_path: Path) -> None:
    records = [tweet(str(n), "x", in_reply_to_status_id_str=str(n - 1)) for n in range(2, 3_002)]
    records[0]["tweet"]["in_reply_to_status_id_str"] = "3"
    found = imported(archive(tmp_path, tweets=records))
    assert [len(thread.posts) for thread in found.threads] == [3_000]


def note(text: str, created_at: str = "2018-10-10T20:19:24.000Z") -> dict[str, Any]:
    return {"noteTweet": {"noteTweetId": "77", "createdAt": created_at, "core": {"text": text}}}


LONG = "word " * 60


@pytest.mark.parametrize(
    ("short", "long", "is_joined"),
    [
        ("It begins like…", "It begins like this", True),
        ("It begins like… https://t.co/self", "It begins like this", True),
        ("@orla @mira It begins like…", "It begins like this", True),
        ("a &amp; b, and so…", "a & b, and so on", True),
        ("a &amp; b, and so…", "a &amp; b, and so on", True),
        ("See https://t.co/1 and…", "See https://t.co/2 and more", True),
        ("The very same", "The very same", True),
        (LONG.strip(), LONG + "more", True),
        ("It begins like…", "Something else", False),
        ("It", "It begins like this", False),
        ("…", "It begins like this", False),
        ("", "It begins like this", False),
    ],
)
def test_a_long_text_belongs_to_the_post_that_begins_it(
    short: str, long: str, is_joined: bool, tmp_path: Path
) -> None:
    records = [tweet("1", short), tweet("2", "another")]
    found = imported(archive(tmp_path, tweets=records, note_tweet=[note(long)]))
    reason = "same post twice" if is_joined else "not a post"
    assert reason in [e.reason for e in found.exclusions]
    text = posts_of(found)["1"].text if "1" in posts_of(found) else short
    assert text.endswith(long.replace("&amp;", "&")) == is_joined or not short


def test_of_several_long_texts_in_a_second_the_one_that_shares_most_is_taken(
    tmp_path: Path,
) -> None:
    records = [tweet("1", "One and…"), tweet("2", "One and two and…"), tweet("3", "One and…")]
    notes = [
        note("One and two and three"),
        note("One and only"),
        note("One and two and three", "2018-10-10T20:19:25Z"),
    ]
    found = posts_of(imported(archive(tmp_path, tweets=records, note_tweet=notes)))
    assert [found[i].text for i in "123"] == ["One and only", "One and two and three", "One and…"]


def test_a_repost_of_oneself_needs_one_original(tmp_path: Path) -> None:
    account = [{"account": {"username": "orla", "accountId": "7"}}]
    records = [tweet("1", "Twice said"), tweet("2", "Twice said"), tweet("3", "Said once"),
               tweet("4", "RT @Orla: Twice…"), tweet("5", "RT @Orla: Said on…"), tweet("6", "RT @Orla: Gone")]  # fmt: skip
    found = imported(archive(tmp_path, tweets=records, account=account))
    assert [(e.record, e.reason, e.detail) for e in found.exclusions][-1] == (
        "5",
        "repost of oneself",
        "of 3",
    )
    assert set(posts_of(found)) == {"1", "2", "3", "4", "6"}


# Anything at all

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["1", "2", "https://t.co/a"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["indices", "url", "text", "media", "initial", "urls"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)
FIELDS = ("id_str", "id", "full_text", "created_at", "entities", "extended_entities", "edit_info", "card",
          "in_reply_to_status_id_str", "favorite_count", "lang", "scopes", "possibly_sensitive", "source")  # fmt: skip
ENTITIES = st.fixed_dictionaries(
    {},
    optional={name: st.lists(st.dictionaries(st.sampled_from(["url", "indices", "text", "expanded_url", "type", "screen_name"]), JSON, max_size=3), max_size=3)
              for name in ("urls", "media", "hashtags", "user_mentions")},
)  # fmt: skip
ODD = st.dictionaries(st.sampled_from(FIELDS), JSON | ENTITIES, max_size=6)


@given(
    records=st.lists(
        ODD.map(lambda f: {"tweet": {"id_str": "1", "full_text": "x https://t.co/a"} | f}) | JSON,
        max_size=4,
    )
)
def test_whatever_the_fields_hold_every_record_is_accounted_for(
    records: list[Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = "window.YTD.tweets.part0 = " + json.dumps(records)
    path = archive(
        tmp_path_factory.mktemp("x"),
        tweets=text,
        community_tweet=records,
        note_tweet=records,
        account=records,
    )
    found = imported(path)
    counted = 4 * len(records)
    assert found.records >= counted


@given(data=st.binary(max_size=60))
def test_whatever_follows_the_assignment_is_read_or_told(
    data: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = archive(tmp_path_factory.mktemp("x"), tweets=[tweet("1", "x")], like="x")
    (path / "data/tweets-part1.js").write_bytes(b"window.YTD.tweets.part1 = [" + data)
    imported(path)


def test_a_damaged_byte_in_a_zip_names_the_file(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as into:
        into.writestr(
            "data/tweets.js", f"window.YTD.tweets.part0 = {json.dumps([tweet('1', 'needle')])}"
        )
    (tmp_path / "x").write_bytes(packed.getvalue().replace(b"needle", b"noodle"))
    with pytest.raises(SourceError, match="damaged: its checksum") as caught:
        imported(tmp_path / "x")
    assert '"data/tweets.js" in it' in caught.value.message


def test_what_an_archive_lacks_of_retweets_is_a_note_and_no_doubt(tmp_path: Path) -> None:
    photo = {
        "id_str": "9", "type": "photo", "media_url_https": "https://pbs.twimg.com/media/a.jpg",
        "url": "https://t.co/a", "expanded_url": "https://twitter.com/tove_k/status/90/photo/1",
    }  # fmt: skip
    retweeted = {"retweeted_status": {"id_str": "90"}}
    records = [
        tweet("1", "RT @tove_k: Reed, all of it."),
        tweet("2", "RT @tove_k: Reed, and then the longest…"),
        tweet("3", "RT @tove_k: Reed, and then the longer…", **retweeted),
        tweet("4", "RT @tove_k: Reed, and then a long…", extended_entities={"media": [photo]}),
        tweet("5", "RT @tove_k: Reed, with its number.", **retweeted),
        tweet("6", "Reed of my own, and so on…"),
    ]
    found = imported(archive(tmp_path, tweets=records))
    assert [p.id for p in posts_of(found).values() if p.uncertain] == []
    assert found.notes[1:] == (  # after that on who may see the account
        "retweets that X cut short: 2",
        "retweets that X cut short and whose original the archive does not name: 1",
        "retweets whose original the archive does not name: 1",
    )


def test_ids_never_become_floats(tmp_path: Path) -> None:
    big = 1500004949278918601  # more digits than a float has
    answer = tweet("1", "Yes.", in_reply_to_status_id_str=str(big))
    number, rounded = tweet("2", "No."), tweet("3", "Perhaps.")
    number["tweet"] |= {"id_str": None, "id": big}
    rounded["tweet"] |= {"id_str": None, "id": float(big)}
    found = imported(archive(tmp_path, tweets=[answer, number, rounded]))
    assert posts_of(found).keys() == {"1", str(big)}
    assert posts_of(found)["1"].reply_to == str(big)
    assert [exclusion.reason for exclusion in found.exclusions] == ["damaged"]
