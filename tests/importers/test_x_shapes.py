"""In which shapes people keep their posts of X: one file, another assignment, a wrapper, old months."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from importers.expected import holds
from importers.x_archives import archive, exclusions_of, imported, posts_of, tweet
from sitegen.errors import SourceError
from sitegen.formats.archives import open_bundle
from sitegen.sources import Options, Source, registry
from sitegen.sources.x.importer import XArchive

CASES = Path(__file__).parent / "x_archive"
RECORDS = [tweet("1", "Avocets &amp; mud"), tweet("2", "To myself", in_reply_to_status_id_str="1")]
LIST = json.dumps(RECORDS)
FLAT = json.dumps([record["tweet"] for record in RECORDS])

PRETTY = """window.YTD.tweets.part0 = [
  {
    tweet: {
      id_str: "1",
      created_at: "Wed Oct 10 20:19:24 +0000 2018",
      source: '<a href="https://reed.example">Reed\\'s</a>',
      full_text: "Avocets &amp; mud",
      entities: { urls: [], hashtags: [] },
    },
  },
  {
    tweet: {
      id_str: '2',
      created_at: '2018-10-10T20:19:24.000Z',
      full_text: 'To myself',
      in_reply_to_status_id_str: "1",
    },
  }, // last
];
"""

SHAPES = {
    "as a formatter writes it": PRETTY,
    "as it is": f"window.YTD.tweets.part0 = {LIST}",
    "without window": f"YTD.tweet.part0={LIST};",
    "bare": LIST,
    "bare and flat": FLAT,
    "module.exports": f"module.exports = {LIST};\n",
    "exports.tweets": f"exports.tweets = {LIST};\n",
    "export default": f"export default {LIST};\n",
    "const and export": f"const tweets = {LIST};\nexport default tweets;\n",
    "const and module.exports": f"'use strict';\nconst all = {LIST}\nmodule.exports = {{ all }};\n",
    "export const": f"export const data = {LIST}",
    "key in brackets": f'window["YTD"] = {LIST}',
    "Grailbird": f"Grailbird.data.tweets_2018_10 = \n{FLAT}",
    "comments": f"/* kept in 2019 */\n// by hand\nwindow.YTD.tweets.part0 = {LIST} // end\n",
    "last commas": f"window.YTD.tweets.part0 = {LIST[:-1]}, /* none */ ]",
    "comments within": f"[ // first\n{LIST[1:-1]}, ]",
    "mark": f"\ufeffwindow.YTD.tweets.part0 = {LIST}",
    "wrapped": f'{{"tweets": {LIST}}}',
    "wrapped twice": f'{{"data": {{"timeline": {LIST}}}, "errors": []}}',
    "wrapped in JavaScript": f"module.exports = {{ tweets: {LIST} }};",
    "by their ids": f'{{"1": {json.dumps(RECORDS[0])}, "2": {json.dumps(RECORDS[1])}}}',
    "lines": "\n".join(json.dumps(record) for record in RECORDS),
    "flat lines": "\n".join(json.dumps(record["tweet"]) for record in RECORDS),
    "appended": f"YTD.tweets.part0 = [{json.dumps(RECORDS[0])}]\n"
    f"YTD.tweets.part1 = [{json.dumps(RECORDS[1])}]\n",
    "lists appended": f"[{json.dumps(RECORDS[0])}][{json.dumps(RECORDS[1])}]",
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_file_of_posts_is_read_whatever_its_shape_and_name(
    shape: str, encoding: str, tmp_path: Path
) -> None:
    path = tmp_path / "kept.bak"
    path.write_bytes(SHAPES[shape].encode(encoding))
    found = imported(path)
    assert [(p.id, p.text, p.reply_to) for t in found.threads for p in t.posts] == [
        ("1", "Avocets & mud", None),
        ("2", "To myself", "1"),
    ]
    assert (found.records, found.exclusions, found.oddities) == (2, (), ())
    assert (found.until, found.complete) == (None, ())


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", ["x/tweets.js", "a/b/mine.js", "tweets (1).js", "2018_10.json"])
def test_a_folder_with_one_file_of_posts_is_read(name: str, shape: str, tmp_path: Path) -> None:
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text(SHAPES[shape])
    assert set(posts_of(imported(tmp_path))) == {"1", "2"}


@pytest.mark.parametrize("name", ["a\\b.js", "tweets\n.js", ".js", "._tweets.js", "no ending"])
def test_any_name_will_do(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(LIST)
    assert set(posts_of(imported(tmp_path / name))) == {"1", "2"}


def test_quotes_within_other_quotes_stay(tmp_path: Path) -> None:
    (tmp_path / "tweets.js").write_text(PRETTY)
    assert posts_of(imported(tmp_path / "tweets.js"))["1"].extra == (("client", '"Reed\'s"'),)


def test_one_tweet_alone_is_a_post(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(json.dumps(RECORDS[0]))
    assert set(posts_of(imported(tmp_path / "x.json"))) == {"1"}


def test_keys_of_a_wrapper_say_what_their_lists_hold(tmp_path: Path) -> None:
    whole = {
        "account": [{"account": {"username": "orla", "accountId": "7"}}],
        "direct-messages": [{"dmConversation": {"conversationId": "7-8", "messages": []}}],
        "deletedTweets": [tweet("3", "Taken back")],
        "likes": [{"like": {"tweetId": "9", "fullText": "Nice"}}],
        "tweets": [*RECORDS, tweet("3", "Taken back")],
    }
    (tmp_path / "all.json").write_text(json.dumps(whole))
    found = imported(tmp_path / "all.json")
    assert set(posts_of(found)) == {"1", "2"}
    assert sorted((e.reason, e.detail) for e in found.exclusions) == [
        ("deleted by its author", ""),
        ("deleted by its author", ""),
        ("not a post", "account"),
        ("not a post", "likes"),
        ("private message", ""),
    ]
    assert posts_of(found)["1"].author.handle == "orla"


def test_of_appended_files_each_keeps_its_kind(tmp_path: Path) -> None:
    text = (
        f"window.YTD.tweets.part0 = {LIST}\n"
        f"window.YTD.deleted_tweets.part0 = [{json.dumps(RECORDS[1])}]\n"
        'window.YTD.direct_messages.part0 = [{"dmConversation": {"full_text": "psst"}}]\n'
    )
    (tmp_path / "all.js").write_text(text)
    found = imported(tmp_path / "all.js")
    assert set(posts_of(found)) == {"1"}
    assert "psst" not in repr(found)


@pytest.mark.parametrize(
    "name", ["deleted-tweets", "twitter-circle-tweet", "direct-messages", "deletedTweets (1)"]
)
@pytest.mark.parametrize("shape", ["as it is", "bare", "module.exports", "wrapped"])
def test_a_file_that_is_called_closed_is_no_source(name: str, shape: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.js"
    path.write_text(SHAPES[shape])
    with pytest.raises(SourceError):
        imported(path)


@pytest.mark.parametrize("name", ["deleted_tweets", "twitter_circle_tweet"])
@pytest.mark.parametrize("shape", ["as it is", "bare", "export const", "wrapped", "wrapped twice"])
def test_in_an_archive_a_file_that_is_called_closed_is(
    name: str, shape: str, tmp_path: Path
) -> None:
    path = archive(tmp_path, tweets=[tweet("1", "x"), tweet("3", "y")], **{name: SHAPES[shape]})
    assert set(posts_of(imported(path))) == {"3"}


def test_what_a_later_file_says_is_deleted_is(tmp_path: Path) -> None:
    deleted = f"[]\nwindow.YTD.deleted_tweets.part0 = [{json.dumps(RECORDS[1])}]"
    path = archive(tmp_path, tweets=RECORDS, tweets_part7=f"window.YTD.tweets.part7 = {deleted}")
    found = imported(path)
    assert set(posts_of(found)) == {"1"}
    assert [(e.record, e.reason) for e in found.exclusions] == [("2", "deleted by its author")] * 2


@pytest.mark.parametrize("kind", ["deleted_tweets", "deleted_note_tweet", "twitter_circle_tweet"])
def test_a_list_that_is_assigned_closed_is_none_of_posts(kind: str, tmp_path: Path) -> None:
    (tmp_path / "tweets.js").write_text(f"window.YTD.{kind}.part0 = {LIST}")
    with pytest.raises(SourceError, match="not a source"):
        registry.detect(tmp_path / "tweets.js")


def test_a_tweet_that_says_it_was_deleted_is(tmp_path: Path) -> None:
    found = imported(archive(tmp_path, tweets=[tweet("1", "x", deleted_at="2020-01-01")]))
    assert exclusions_of(found) == [("1", "deleted by its author", "")]


@pytest.mark.parametrize(
    "text",
    [
        'window.YTD.like.part0 = [{"like": {"tweetId": "1", "fullText": "x"}}]',
        'window.YTD.tweet_headers.part0 = [{"tweet": {"tweet_id": "1"}}]',
        "window.app = [1]",
        '{"items": [{"text": "I kept {tweet: {id_str: 5}} and \\"id_str\\": 7"}]}',
        '[{"id": "1", "text": "x"}]',
        "[]",
        "{}",
    ],
)
def test_other_files_are_not_claimed(text: str, tmp_path: Path) -> None:
    (tmp_path / "x.js").write_text(text)
    assert XArchive().detect(Source(tmp_path / "x.js", text.encode())) is None


@pytest.mark.parametrize(
    "text",
    [
        'window.YTD.note_tweet.part0 = [{"noteTweet": {"core": {"text": "x"}}}]',
        '{"data": {"home": {"instructions": [{"entries": [{"legacy": {"full_text": "x", "id_str": "1"}}]}]}}}',
        'window.YTD.tweets.part0 = [{"tweet": {"full_text"',
    ],
)
def test_what_is_claimed_and_holds_no_post_is_an_error_with_a_cure(
    text: str, tmp_path: Path
) -> None:
    (tmp_path / "x.js").write_text(text)
    with pytest.raises(SourceError) as caught:
        imported(tmp_path / "x.js")
    assert caught.value.hint == (
        "give the whole archive: the ZIP, or the folder with its data folder."
    )


def test_an_archive_without_files_of_posts_is_an_error_with_a_cure(tmp_path: Path) -> None:
    path = archive(tmp_path, manifest="window.__THAR_CONFIG = {}", like=[])
    with pytest.raises(SourceError, match="no file of posts"):
        imported(path)


def test_a_zip_with_backslashes_in_a_folder_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("twitter-2024\\data\\tweets.js", SHAPES["as it is"])
        packed.writestr(
            "twitter-2024\\data\\account.js",
            'window.YTD.account.part0 = [{"account": {"username": "orla", "accountId": "7"}}]',
        )
    assert posts_of(imported(path))["1"].author.handle == "orla"


def test_damage_in_files_of_others_is_for_their_readers(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("profile.json", '{"name": "needle"}')
        packed.writestr("a/app.js", "let needle = [1]")
    path.write_bytes(path.read_bytes().replace(b"needle", b"noodle"))
    assert XArchive().detect(Source(path, b"", open_bundle(path))) is None


def test_old_and_new_names_of_parts_are_one_archive(tmp_path: Path) -> None:
    archive(tmp_path, tweet=[RECORDS[0]])
    (tmp_path / "data/tweets-part1.js").write_text(f"[{json.dumps(RECORDS[1])}]")
    assert set(posts_of(imported(tmp_path))) == {"1", "2"}


@pytest.mark.parametrize(
    ("date", "until"),
    [
        ("2024-05-06T07:08:09.120Z", "2024-05-06T07:08:09.12Z"),
        ("2024-05-06T00:30:00+02:00", "2024-05-05T22:30:00Z"),
        ("Mon May 06 07:08:09 +0000 2024", "2024-05-06T07:08:09Z"),
        ("yesterday", None),
        ({"wrong": 1}, None),
    ],
)
def test_an_archive_says_when_it_was_made(date: Any, until: str | None, tmp_path: Path) -> None:
    manifest = json.dumps({"archiveInfo": {"generationDate": date}})
    text = f"window.__THAR_CONFIG = {manifest}"
    assert imported(archive(tmp_path, tweets=RECORDS, manifest=text)).until == until


@pytest.mark.parametrize("field", ["id", "id_str"])
def test_ids_that_are_numbers_keep_every_digit(field: str, tmp_path: Path) -> None:
    big = 1_500_004_949_278_918_601
    record = {field: big, "full_text": "x", "in_reply_to_status_id": big - 1}
    (tmp_path / "tweets.js").write_text(json.dumps([record | {"id_str": None} | {field: big}]))
    (post,) = posts_of(imported(tmp_path)).values()
    assert (post.id, post.reply_to) == (str(big), str(big - 1))


# Archives before 2018


@pytest.mark.parametrize("case", ["grailbird"])
def test_an_archive_from_before_2018_is_read_as_expected(case: str, refresh: bool) -> None:
    found = imported(CASES / case / "input")
    holds(found, CASES / case / "expected.json", refresh)
    assert "52.0907" not in repr(found)
    assert "Oosterhamrik" not in repr(found)


@pytest.mark.parametrize("inner", ["data", "data/js", "data/js/tweets"])
def test_a_part_of_the_folders_of_an_old_archive_is_enough(inner: str) -> None:
    path = CASES / "grailbird/input" / inner
    whole = posts_of(imported(CASES / "grailbird/input"))
    assert set(posts_of(imported(path))) == set(whole)


def test_an_old_archive_unpacked_over_a_later_one_completes_its_posts(tmp_path: Path) -> None:
    cut = "RT @mira_reed: The reeds by the sluice have grown &amp; grown, so that nobody sees the…"
    repeated = {
        "id": 20, "id_str": "20", "text": "The reeds by the sluice have grown &amp; grown, so that nobody sees the barge",
        "user": {"screen_name": "mira_reed", "id_str": "8", "name": "Mira"},
    }  # fmt: skip
    archive(tmp_path, tweets=[tweet("1", cut, favorite_count="4")])
    month = tmp_path / "data/js/tweets/2013_05.js"
    month.parent.mkdir(parents=True)
    old = {"id_str": "1", "text": cut, "retweeted_status": repeated}
    month.write_text(f"Grailbird.data.tweets_2013_05 = {json.dumps([old])}")
    found = imported(tmp_path)
    assert exclusions_of(found) == [("1", "same post twice", "")]
    post = posts_of(found)["1"]
    assert post.text == (
        "RT @mira_reed: The reeds by the sluice have grown & grown, so that nobody sees the barge"
    )
    assert (post.repost_of, post.uncertain) == ("20", ())


def test_a_later_archive_says_more_than_the_months_beside_it(tmp_path: Path) -> None:
    entities = {"hashtags": [{"text": "mud", "indices": ["15", "19"]}]}
    archive(
        tmp_path, tweets=[tweet("1", "a &lt; b &amp; #mud", entities=entities, favorite_count="4")]
    )
    month = tmp_path / "data/js/tweets/2013_05.js"
    month.parent.mkdir(parents=True)
    user = {"screen_name": "orla", "id_str": "7"}
    old = {
        "id_str": "1",
        "text": "a < b & #mud",
        "entities": {"hashtags": [{"text": "mud", "indices": [8, 12]}]},
        "user": user,
    }
    month.write_text(f"Grailbird.data.tweets_2013_05 = {json.dumps([old])}")
    found = imported(tmp_path)
    post = posts_of(found)["1"]
    assert (post.text, post.tags, post.counts.likes) == ("a < b & #mud", ("mud",), 4)
    assert (post.author.handle, found.oddities) == ("orla", ())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a &lt; b", "a < b"),
        ("a < b", "a < b"),
        ("write &amp; for & there", "write &amp; for & there"),
        ("this &amp; that &am…", "this & that &am…"),
        ("this &amp; that &", "this & that &"),
    ],
)
def test_old_texts_are_escaped_unless_they_hold_what_would_be(
    text: str, shown: str, tmp_path: Path
) -> None:
    path = tmp_path / "2013_05.js"
    path.write_text(f"Grailbird.data.tweets_2013_05 = {json.dumps([{'id': 1, 'text': text}])}")
    assert posts_of(imported(path))["1"].text == shown


def test_months_of_an_old_archive_are_not_all_posts(tmp_path: Path) -> None:
    found = imported(CASES / "grailbird/input")
    assert found.complete == ()


COLUMNS = (
    '"tweet_id","in_reply_to_status_id","in_reply_to_user_id","timestamp","source","text",'
    '"retweeted_status_id","retweeted_status_user_id","retweeted_status_timestamp","expanded_urls"'
)
LINES = (
    '"11","","","2013-05-04 08:00:00 +0000","web","Two ""lines""\r\n of &lt;mud&gt; http://t.co/a1"'
    ',"","","","http://mud.example/a,b"',
    '"12","11","7","2013-05-04 09:00:00 +0000","web","To myself","","","",""',
    '"13","","","2013-05-04 10:00:00 +0000","web","RT @mira_reed: Look","90","8","2013-05-04","" ',
    '"14","","","2013-05-04 11:00:00 +0000","web","A picture http://t.co/p1","","","",'
    '"http://twitter.com/orla/status/14/photo/1,http://twitter.com/orla/status/14/photo/1"',
    '"4.66E+17","","","","web","Saved by a spreadsheet","","","",""',
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_table_of_an_old_archive_is_enough(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "kept.csv"
    path.write_bytes("\r\n".join((COLUMNS, *LINES)).encode(encoding))
    found = imported(path)
    posts = posts_of(found)
    assert {i: p.text for i, p in posts.items()} == {
        "11": 'Two "lines"\r\n of <mud> http://mud.example/a,b',
        "12": "To myself",
        "13": "RT @mira_reed: Look",
        "14": "A picture",
    }
    assert posts["11"].links == ("http://mud.example/a,b",)
    assert posts["11"].created_at == "2013-05-04T08:00:00Z"
    assert (posts["12"].reply_to, posts["13"].repost_of) == ("11", "90")
    assert exclusions_of(found) == [("kept.csv 5", "damaged", "it has no id")]


# Answers of the API that somebody kept


def status(status_id: str, text: str, who: str, **more: Any) -> dict[str, Any]:
    user = {"id_str": str(len(who)), "screen_name": who, "name": who.title()}
    return {"id_str": status_id, "text": text, "user": user, **more}


def test_posts_of_others_are_not_the_owners(tmp_path: Path) -> None:
    path = tmp_path / "timeline.json"
    path.write_text(json.dumps([status("1", "mine", "orla"), status("2", "theirs", "mira_reed")]))
    found = imported(path, "@Orla")
    assert set(posts_of(found)) == {"1"}
    assert exclusions_of(found) == [("2", "not of this account", "")]


def test_posts_of_several_without_an_owner_are_an_error(tmp_path: Path) -> None:
    path = tmp_path / "timeline.json"
    path.write_text(json.dumps([status("1", "mine", "orla"), status("2", "theirs", "mira_reed")]))
    importer, source = registry.detect(path)
    with pytest.raises(SourceError, match="posts of 2 accounts: mira_reed, orla") as caught:
        importer.read(source, Options("nobody"))
    assert caught.value.hint == "say whose it is: --account NAME."


def test_what_the_api_cut_is_completed(tmp_path: Path) -> None:
    path = tmp_path / "timeline.json"
    whole = {"full_text": "The whole of it #reed", "entities": {"hashtags": [{"text": "reed"}]}}
    cut = status("1", "The who…", "orla", truncated=True, extended_tweet=whole)
    path.write_text(json.dumps([cut]))
    post = posts_of(imported(path))["1"]
    assert (post.text, post.tags) == ("The whole of it #reed", ("reed",))


def test_a_quote_is_known_by_its_id(tmp_path: Path) -> None:
    path = tmp_path / "timeline.json"
    path.write_text(json.dumps([status("1", "See", "orla", quoted_status_id_str="77")]))
    assert posts_of(imported(path))["1"].quote_of == "77"
