"""Who may see what of an X archive: unknown words close, and what nothing says is noted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.x_archives import archive, exclusions_of, imported, posts_of, tweet
from sitegen.ingest import pipeline
from sitegen.model import Privacy
from sitegen.sources import Imported, Options

ACCOUNT = [{"account": {"username": "Orla", "accountId": "7"}}]
HUSH = "the hide behind the third gate"


def event(action: Any, when: Any = "2024-05-01T00:00:00.000Z") -> dict[str, Any]:
    return {"protectedHistory": {"protectedAt": when, "action": action}}


def read(path: Path, *events: Any, **more: Any) -> Imported:
    return imported(
        archive(
            path, tweets=[tweet("1", HUSH)], account=ACCOUNT, protected_history=[*events], **more
        )
    )


def state_of(found: Imported) -> Privacy | None:
    return dict(found.privacy).get(("x", "orla"))


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ((), "public"),
        ((event("Unprotect"),), "public"),
        ((event("unprotected"),), "public"),
        ((event("Protect"),), "private"),
        ((event("PROTECTED"),), "private"),
        ((event("Protect", "2023-01-01T00:00:00Z"), event("Unprotect")), "public"),
        ((event("Protect"), event("Unprotect", "2023-01-01T00:00:00Z")), "private"),
        ((event("Protect"), event("Unprotect")), "private"),
        ((event("Schützen"),), "unknown"),
        ((event("保護"),), "unknown"),
        ((event("Unprotect", "2023-01-01T00:00:00Z"), event("Schützen")), "unknown"),
        ((event("Schützen", "2023-01-01T00:00:00Z"), event("Unprotect")), "public"),
        ((event("Unprotect", "gestern"),), "public"),
        ((event("Protect", "gestern"), event("Unprotect")), "unknown"),
        ((event(None),), "unknown"),
        ((event(1),), "unknown"),
        ((event("Unprotect", 5), event("Protect")), "unknown"),
        (("Unprotect",), "unknown"),
        (({},), "unknown"),
    ],
)
def test_the_last_event_that_can_be_read_says_who_may_see_the_account(
    events: tuple[Any, ...], state: Privacy, tmp_path: Path
) -> None:
    found = read(tmp_path, *events)
    assert state_of(found) == state
    assert bool(found.threads) == (state == "public")
    assert (HUSH in repr(found)) == (state == "public")


@given(
    word=st.text().filter(lambda w: w.strip().lower() not in ("unprotect", "unprotected", "public"))
    | st.sampled_from(["un protect", "not protected", "ungeschützt", "Unprotect?", "unprotecte"])
)
def test_a_word_that_is_not_known_closes(
    word: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    if word.strip().lower() in ("un-protect", "un-protected"):
        return
    found = read(
        tmp_path_factory.mktemp("x"), event("Unprotect", "2020-01-01T00:00:00Z"), event(word)
    )
    assert state_of(found) != "public"
    assert HUSH not in repr(found)


@pytest.mark.parametrize("text", ["window.YTD.protected_history.part0 = [{", "", "[}", "x"])
def test_a_file_of_protections_that_is_damaged_closes(text: str, tmp_path: Path) -> None:
    archive(tmp_path, protected_history=text)
    found = imported(archive(tmp_path, tweets=[tweet("1", HUSH)], account=ACCOUNT))
    assert (state_of(found), HUSH in repr(found)) == ("unknown", False)


@pytest.mark.parametrize(("count", "state"), [("0", "public"), ("2", "unknown")])
def test_protections_that_are_listed_and_missing_close(
    count: str, state: Privacy, tmp_path: Path
) -> None:
    files = [{"fileName": "data/protected-history.js", "count": count}]
    manifest = json.dumps({"dataTypes": {"protectedHistory": {"files": files}}})
    path = archive(tmp_path, tweets=[tweet("1", HUSH)], account=ACCOUNT)
    archive(path, manifest=f"window.__THAR_CONFIG = {manifest}")
    found = imported(path)
    assert (state_of(found), HUSH in repr(found)) == (state, state == "public")
    assert not any("nothing here says" in note for note in found.notes)


def test_what_nothing_says_is_in_and_noted(tmp_path: Path) -> None:
    found = imported(archive(tmp_path, tweets=[tweet("1", HUSH)], account=ACCOUNT))
    assert posts_of(found)["1"].visibility is None
    assert found.notes == (
        "nothing here says whether the account was protected; an archive says it in "
        "data/protected-history.js",
    )
    assert dict(found.privacy) == {}


@pytest.mark.parametrize("known", ["private", "unknown"])
def test_what_earlier_imports_know_of_the_account_counts(known: Privacy, tmp_path: Path) -> None:
    path = archive(tmp_path, tweets=[tweet("1", HUSH)], account=ACCOUNT)
    assert HUSH not in repr(imported(path, privacy={("x", "orla"): known}))
    assert imported(path, privacy={("x", "orla"): "public"}).threads
    assert imported(path, privacy={("threads", "orla"): known}).threads
    said = archive(tmp_path, protected_history=[])
    assert imported(said, privacy={("x", "orla"): known}).threads


def test_a_lone_file_of_a_known_private_account_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "tweets.js"
    path.write_text(json.dumps([tweet("1", HUSH)]))
    assert HUSH not in repr(imported(path, "Orla", privacy={("x", "orla"): "private"}))


@pytest.mark.parametrize(
    ("protected", "include", "visibility"),
    [
        (True, "followers", "followers"),
        ("yes", "followers", "unknown"),
        ("yes", "unknown", "unknown"),
        ({}, "unknown", "unknown"),
        (2, "unknown", "unknown"),
        (False, None, None),
        ("false", None, None),
        (None, None, None),
    ],
)
def test_users_say_whether_they_are_protected(
    protected: Any, include: Any, visibility: str | None, tmp_path: Path
) -> None:
    user = {"screen_name": "orla", "id_str": "7", "protected": protected}
    month = {"id_str": "1", "text": HUSH, "user": user}
    path = tmp_path / "2013_05.js"
    path.write_text(f"Grailbird.data.tweets_2013_05 = {json.dumps([month])}")
    assert (HUSH in repr(imported(path))) == (include is None)
    if include:
        assert posts_of(imported(path, None, include))["1"].visibility == visibility


def test_what_protected_accounts_wrote_is_not_repeated(tmp_path: Path) -> None:
    user = {"screen_name": "mira", "id_str": "8", "protected": True}
    path = tmp_path / "2013_05.js"
    month = [
        {"id_str": "2", "text": "RT @mira: the hi…", "retweeted_status": {"id_str": "1", "text": HUSH, "user": user}},
        {"id_str": "3", "text": "mine"},
    ]  # fmt: skip
    path.write_text(f"Grailbird.data.tweets_2013_05 = {json.dumps(month)}")
    found = imported(path)
    assert (set(posts_of(found)), HUSH in repr(found)) == ({"3"}, False)
    assert exclusions_of(found) == [("2", "not public", "for followers")]


@pytest.mark.parametrize(
    ("field", "value", "detail"),
    [
        ("scopes", {"followers": True}, "for followers"),
        ("scopes", {"followers": "true"}, "for followers"),
        ("scopes", {"followers": "perhaps"}, "unknown"),
        ("scopes", {"subscribers": True}, "unknown"),
        ("scopes", "followers", "unknown"),
        ("scopes", ["followers"], "unknown"),
        ("scopes", 7, "unknown"),
        ("trusted_friends_control", {"id": "1"}, "for followers"),
        ("exclusive_tweet_control", True, "for followers"),
        ("scopes", {"followers": False}, None),
        ("scopes", {"followers": False, "place_ids": ["a"]}, None),
        ("scopes", {}, None),
        ("scopes", [], None),
        ("scopes", None, None),
    ],
)
def test_a_tweet_says_itself_who_may_see_it(
    field: str, value: Any, detail: str | None, tmp_path: Path
) -> None:
    records = [tweet("1", HUSH, **{field: value})]
    found = imported(archive(tmp_path, tweets=records, protected_history=[]))
    assert exclusions_of(found) == ([("1", "not public", detail)] if detail else [])
    assert (HUSH in repr(found)) == (detail is None)


def test_an_earlier_version_for_followers_closes_the_last(tmp_path: Path) -> None:
    edits = {"edit_info": {"initial": {"editTweetIds": ["1", "2"]}}}
    records = [tweet("1", HUSH, scopes={"followers": True}, **edits), tweet("2", "x", **edits)]
    assert HUSH not in repr(imported(archive(tmp_path, tweets=records)))


@pytest.mark.parametrize(
    ("word", "is_open"), [("Protect", False), ("Neu", False), ("Unprotect", True)]
)
def test_what_is_said_beside_a_file_that_is_named_counts(
    word: str, is_open: bool, tmp_path: Path
) -> None:
    path = archive(tmp_path, tweets=[tweet("1", HUSH)], protected_history=[event(word)])
    found = imported(path / "data/tweets.js")
    assert (HUSH in repr(found)) == is_open
    assert not any("nothing here says" in note for note in found.notes)


@pytest.mark.parametrize("word", ["Protect", "Schützen"])
def test_posts_that_are_withheld_have_not_vanished(word: str, tmp_path: Path) -> None:
    assert read(tmp_path / "open").complete == (("x", "7"),)
    path = tmp_path / "closed"
    assert read(path, event(word)).complete == ()
    assert imported(path, None, "followers").complete == (("x", "7"),)


# Articles

TITLE, BODY = "On mud", "What lives in it, and why it smells."


def article(article_id: str | None = "500", **more: Any) -> dict[str, Any]:
    blocks = [{"text": BODY}, {"text": " "}, {"text": "The end."}]
    return {"article": {"id": article_id, "title": TITLE, "content": {"blocks": blocks}, **more}}


def metadata(name: Any, **more: Any) -> dict[str, Any]:
    state = {"lifecycle": {"value": "1", "name": name}}
    moment = {"createdAtMs": "1736534733120"}
    return {"articleMetadata": {"authorId": "7", "lifecycleState": state, **moment, **more}}


LINK = {
    "urls": [{"url": "https://t.co/ar", "expanded_url": "https://x.com/i/article/500"}],
}  # fmt: skip


def articles(path: Path, *include: Any, **files: Any) -> Imported:
    files = {"tweets": [tweet("1", "x")], "account": ACCOUNT, "protected_history": []} | files
    return imported(archive(path, **files), None, *include)


def test_a_published_article_is_a_post(tmp_path: Path) -> None:
    found = articles(tmp_path, article=[article()], article_metadata=[metadata("Published")])
    post = posts_of(found)["500"]
    assert post.text == f"{TITLE}\n\n{BODY}\n\nThe end."
    assert (post.url, post.created_at) == (
        "https://x.com/Orla/article/500",
        "2025-01-10T18:45:33.12Z",
    )
    assert (post.author.handle, post.visibility) == ("Orla", None)


@pytest.mark.parametrize(
    ("text", "begin"),
    [
        ("https://t.co/ar", ""),
        ("New: https://t.co/ar", "New:\n\n"),
        ("See https://t.co/ar there", "See https://x.com/i/article/500 there\n\n"),
    ],
)
def test_an_article_is_a_part_of_the_post_that_shares_it(
    text: str, begin: str, tmp_path: Path
) -> None:
    records = [tweet("1", text, entities=LINK), tweet("2", "Again https://t.co/ar", entities=LINK)]
    found = articles(
        tmp_path, tweets=records, article=[article()], article_metadata=[metadata("Published")]
    )
    assert set(posts_of(found)) == {"1", "2"}
    post = posts_of(found)["1"]
    assert post.text == f"{begin}{TITLE}\n\n{BODY}\n\nThe end."
    assert post.links == ("https://x.com/i/article/500",)
    assert exclusions_of(found) == [("data/article.js 1", "same post twice", "the article of 1")]


@pytest.mark.parametrize(
    ("states", "outcome"),
    [
        (["Published"], None),
        (["PUBLISHED"], None),
        (["Draft"], ("draft", "article")),
        (["Deleted"], ("deleted by its author", "article")),
        (["Veröffentlicht"], ("not public", "an article in an unknown state")),
        ([None], ("not public", "an article in an unknown state")),
        ([7], ("not public", "an article in an unknown state")),
        ([], ("not public", "an article in an unknown state")),
        (["Published", "Draft"], ("not public", "an article in an unknown state")),
        (["Published", "Published"], None),
    ],
)
def test_only_articles_that_are_known_to_be_published_are_public(
    states: list[Any], outcome: tuple[str, str] | None, tmp_path: Path
) -> None:
    found = articles(
        tmp_path, article=[article()], article_metadata=[metadata(name) for name in states]
    )
    assert exclusions_of(found) == ([("data/article.js 1", *outcome)] if outcome else [])
    assert (BODY in repr(found)) == (outcome is None)
    is_unknown = outcome is not None and outcome[0] == "not public"
    assert any("--include unknown" in note for note in found.notes) == is_unknown


def test_states_are_those_of_the_articles_in_the_same_place(tmp_path: Path) -> None:
    found = articles(
        tmp_path,
        article=[article("500"), article("501"), article("502")],
        article_metadata=[metadata("Draft"), metadata("Published"), metadata("Draft")],
    )
    assert set(posts_of(found)) == {"1", "501"}


def test_states_that_name_their_articles_need_no_order(tmp_path: Path) -> None:
    states = [metadata("Published", articleId="501"), metadata("Draft", articleId="500")]
    found = articles(tmp_path, article=[article("500"), article("501")], article_metadata=states)
    assert set(posts_of(found)) == {"1", "501"}


def test_a_damaged_state_leaves_the_others_in_their_places(tmp_path: Path) -> None:
    found = articles(
        tmp_path,
        article=[article("500"), article("501")],
        article_metadata=[7, metadata("Published")],
    )
    assert set(posts_of(found)) == {"1", "501"}


@pytest.mark.parametrize("include", ["unknown", "followers"])
def test_an_article_in_an_unknown_state_is_taken_when_asked_for(
    include: str, tmp_path: Path
) -> None:
    found = articles(tmp_path, include, article=[article()])
    assert posts_of(found)["500"].visibility == "unknown"
    assert posts_of(found)["1"].visibility is None


def test_an_article_of_a_private_account_is_private(tmp_path: Path) -> None:
    files = {"article": [article()], "article_metadata": [metadata("Published")]}
    assert BODY not in repr(articles(tmp_path, protected_history=[event("Protect")], **files))


def test_links_of_an_article_lead_where_they_did(tmp_path: Path) -> None:
    block = {"text": "See the mud", "entityRanges": [{"key": "0", "offset": "4", "length": "7"}]}
    entity = {"type": "LINK", "data": {"url": "https://mud.example/"}}
    for entity_map in ({"0": entity}, [{"key": "0", "value": entity}]):
        content = {"blocks": [block], "entityMap": entity_map}
        found = articles(
            tmp_path,
            article=[{"article": {"id": "500", "title": "Mud", "content": content}}],
            article_metadata=[metadata("Published")],
        )
        post = posts_of(found)["500"]
        assert [(post.text[f.start : f.end], f.value) for f in post.facets] == [
            ("the mud", "https://mud.example/")
        ]
        assert post.links == ("https://mud.example/",)


def test_tweets_that_nothing_names_are_closed_beside_a_protected_account(tmp_path: Path) -> None:
    whole = archive(
        tmp_path / "whole",
        tweets=[],
        account=ACCOUNT,
        protected_history=[event("Protect")],
    )
    bare = tmp_path / "tweets.js"
    bare.write_text("window.YTD.tweets.part0 = " + json.dumps([tweet("1", HUSH)]))
    for sources in ((whole, bare), (bare, whole)):
        found = pipeline.read(sources, Options())
        assert not any(each.imported.threads for each in found)
        assert any("private" in note for each in found for note in each.imported.notes)
    assert posts_of(imported(bare))  # by itself, nothing closes it
    closed: dict[tuple[str, str], Privacy] = {("x", "orla"): "private"}
    (later,) = pipeline.read((bare,), Options(privacy=closed))
    assert not later.imported.threads
    (open_too,) = pipeline.read((bare,), Options(privacy={**closed, ("x", "tess"): "public"}))
    assert posts_of(open_too.imported)


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ({"visibility": "circle"}, "unknown"),
        ({"Visibility": "Private"}, "private"),
        ({"is_private": "true"}, "private"),
        ({"privacy": ["public", "znajomi"]}, "unknown"),
        ({"hidden": 1}, "private"),
        ({"draft": True}, "unknown"),
        ({"trustedFriendsControl": {"trustedFriendsListId": "5"}}, "private"),
        ({"Scopes": {"followers": True}}, "private"),
        ({"trusted_friends_control_options": {"trusted_friends_list_id": "5"}}, "private"),
        ({"exclusive_tweet_control_options": {}}, None),
        ({"exclusiveTweetControlOptions": {"creator": "7"}}, "private"),
        ({"super_follows_tweet": True}, "private"),
        ({"circle": {"id": "5"}}, "private"),
        ({"circle": False, "scheduled_status": None}, None),
        ({"scheduled_status": {"execute_at": "1893456000"}}, "unknown"),
        ({"community": {"id": "3", "access": "Closed"}}, "unknown"),
        ({"community": {"id": "3", "access": "Public"}}, None),
        ({"community_id": "3", "limited_actions": "limit_replies"}, None),
        ({"visibility": "public", "draft": False, "is_private": None}, None),
    ],
)
def test_words_of_others_in_a_tweet_close_it(
    said: dict[str, Any], state: str | None, tmp_path: Path
) -> None:
    path = archive(tmp_path, tweets=[tweet("1", "Fog"), tweet("2", HUSH, **said)], account=ACCOUNT)
    found = imported(path)
    assert (HUSH in repr(found)) == (state is None)
    option = {"private": "followers", "unknown": "unknown"}.get(state or "", "direct")
    assert len(posts_of(imported(path, None, option))) == 2  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("flag", "state"),
    [({"protected": True}, "private"), ({"isProtected": "yes, since May"}, "unknown"), ({"protected": "false"}, "public")],
)  # fmt: skip
@pytest.mark.parametrize("place", ["account", "profile"])
def test_a_flag_of_the_account_counts_with_and_without_a_history(
    flag: dict[str, Any], state: str, place: str, tmp_path: Path
) -> None:
    account, profile = dict(ACCOUNT[0]["account"]), {"description": {"bio": "Fog"}}
    (account if place == "account" else profile).update(flag)
    files: dict[str, Any] = {"account": [{"account": account}], "profile": [{"profile": profile}]}
    for number, history in enumerate(({}, {"protected_history": [event("Unprotect")]})):
        path = archive(tmp_path / str(number), tweets=[tweet("1", HUSH)], **files, **history)
        found = imported(path)
        assert (HUSH in repr(found)) == (state == "public")
        assert state_of(found) == state
