"""Exports of Mastodon and outboxes of the fediverse: what is public comes in, all is accounted for."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.expected import holds
from sitegen.errors import SourceError
from sitegen.formats.archives import open_bundle
from sitegen.model import Post
from sitegen.sources import HEAD_BYTES, Imported, Options, Source
from sitegen.sources.mastodon.importer import MastodonExport

CASES = Path(__file__).parent / "mastodon"
FOLDERS = ("export_2022", "export_2026")
FILES = ("page", "other_software", "damaged", "bare_list", "statuses", "pixelfed")
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
ACTOR = "https://a.example/users/b"
FOLLOWERS = f"{ACTOR}/followers"


def source(path: Path) -> Source:
    head = b"" if path.is_dir() else path.read_bytes()[:HEAD_BYTES]
    return Source(path, head, open_bundle(path))


def imported(path: Path, *include: Any) -> Imported:
    found = source(path)
    assert MastodonExport().detect(found)
    return MastodonExport().read(found, Options(include=frozenset(include)))


def posts(found: Imported) -> list[Post]:
    return [post for thread in found.threads for post in thread.posts]


def outbox(tmp_path: Path, items: Any, **more: Any) -> Path:
    path = tmp_path / "page.json"
    context = "https://www.w3.org/ns/activitystreams"
    whole = {"@context": context, "type": "OrderedCollection", "orderedItems": items, **more}
    path.write_text(json.dumps(whole), "utf-8")
    return path


def input_of(case: str) -> Path:
    return CASES / case / "input" if case in FOLDERS else CASES / case / "input.json"


@pytest.mark.parametrize("case", FOLDERS + FILES)
def test_all_that_an_outbox_holds(case: str, refresh: bool) -> None:
    holds(imported(input_of(case)), CASES / case / "expected.json", refresh)


def test_private_posts_come_in_only_when_asked_for(refresh: bool) -> None:
    found = imported(input_of("export_2022"), "followers", "direct")
    holds(found, CASES / "export_2022" / "expected-all.json", refresh)


@pytest.mark.parametrize("case", FOLDERS)
@pytest.mark.parametrize(("kind", "ending"), [("zip", "zip"), ("gztar", "tar.gz"), ("tar", "tar")])
def test_a_folder_and_its_archives_are_one_export(
    case: str, kind: str, ending: str, tmp_path: Path
) -> None:
    packed = Path(shutil.make_archive(str(tmp_path / "archive"), kind, input_of(case)))
    assert packed.name == f"archive.{ending}"
    one, other = imported(input_of(case)), imported(packed)
    assert msgspec.structs.replace(one, attachments={}) == msgspec.structs.replace(
        other, attachments={}
    )
    assert list(one.attachments) == list(other.attachments)
    for key, attachment in one.attachments.items():
        with attachment.open() as here, other.attachments[key].open() as there:
            assert here.read() == there.read() != b""


def test_what_is_not_public_is_nowhere_in_what_comes_in() -> None:
    found = repr(imported(input_of("export_2022")))
    for secret in (
        "under the stone",
        "note to myself",
        "Only for those",
        "private activity",
        "private.example",
        "PUBLIC KEY",
        "54.5",
        "c2VjcmV0",
        "The beck",
    ):
        assert secret not in found


@pytest.mark.parametrize(
    ("content", "claimed"),
    [
        ('{"type": "OrderedCollection", "orderedItems": []}', True),
        ('\ufeff \n{"@context": "https://www.w3.org/ns/activitystreams", "type": ["OrderedCollectionPage"]}', True),
        ('{"@context": "https://www.w3.org/ns/activitystreams", "type": "Person"}', False),
        ('[{"type": "OrderedCollection", "orderedItems": []}]', True),
        ('{"items": [{"type": "Note", "title": "a"}]}', False),
        ('[{"id": 1, "created_at": "2024-01-01", "text": "a tweet"}]', False),
        ('{"orderedItems": []}', False),
        ("An OrderedCollection of orderedItems", False),
        ("", False),
    ],
)  # fmt: skip
def test_an_outbox_is_known_by_its_content(content: str, claimed: bool, tmp_path: Path) -> None:
    file, folder = tmp_path / "a.txt", tmp_path / "folder"
    folder.mkdir()
    file.write_text(content, "utf-8")
    (folder / "outbox.json").write_text(content, "utf-8")
    assert bool(MastodonExport().detect(source(file))) == claimed
    assert bool(MastodonExport().detect(source(folder))) == claimed
    (folder / "outbox.json").rename(folder / "other.json")
    assert bool(MastodonExport().detect(source(folder))) == claimed


@pytest.mark.parametrize("cut", [2, 40, 700])
def test_a_file_that_is_cut_off_is_refused_in_one_line(cut: int, tmp_path: Path) -> None:
    whole = input_of("page").read_bytes()
    (tmp_path / "outbox.json").write_bytes(whole[: len(whole) - cut])
    with pytest.raises(SourceError, match="not whole JSON") as refused:
        imported(tmp_path)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "hostile",
    [
        "[" * 100_000,
        '{"a":' * 100_000,
        "[" * 100_000 + "]" * 100_000,
        "1" * 100_000,
        '"\\ud800"',
        "\udcff",
    ],
)
def test_an_item_that_cannot_be_read_is_one_record(hostile: str, tmp_path: Path) -> None:
    path = tmp_path / "page.json"
    start = '{"type": "OrderedCollection", "orderedItems": ["https://a.example/1", '
    path.write_bytes((start + hostile + "]}").encode("utf-8", "surrogateescape"))
    try:
        found = imported(path)
    except SourceError:
        return
    assert (found.records, len(found.exclusions), posts(found)) == (2, 2, [])


def test_damage_beside_the_outbox_is_counted(tmp_path: Path) -> None:
    shutil.copytree(input_of("export_2022"), tmp_path / "e")
    for name in ("actor.json", "likes.json"):
        (tmp_path / "e" / name).write_text('{"cut', "utf-8")
    found = imported(tmp_path)
    assert {(e.record, e.reason) for e in found.exclusions} >= {
        ("actor.json", "damaged"),
        ("likes.json", "damaged"),
    }
    assert found.complete == ()
    assert found.records == len(posts(found)) + len(found.exclusions)


def test_only_a_whole_export_knows_all_posts(tmp_path: Path) -> None:
    assert imported(input_of("export_2026")).complete == (
        ("mastodon", "https://quay.example/ap/users/116000000000000001"),
    )
    shutil.copytree(input_of("export_2026"), tmp_path / "e")
    file = tmp_path / "e" / "export" / "outbox.json"
    whole = json.loads(file.read_text("utf-8"))
    for change in (
        {"next": "https://a.example/2"},
        {"type": "OrderedCollectionPage"},
        {"orderedItems": [5]},
    ):
        file.write_text(json.dumps(whole | change), "utf-8")
        assert imported(tmp_path / "e").complete == ()


def test_items_may_stand_in_the_first_page_or_alone(tmp_path: Path) -> None:
    item = note(1, {"to": PUBLIC})
    first = {"type": "OrderedCollectionPage", "orderedItems": [item]}
    for shape in (
        {"orderedItems": item},
        {"items": [item]},
        {"first": first},
        {"first": first | {"orderedItems": item}},
    ):
        path = tmp_path / "page.json"
        path.write_text(
            json.dumps(
                {"@context": "https://www.w3.org/ns/activitystreams", "type": "OrderedCollection"}
                | shape
            )
        )
        assert [p.id for p in posts(imported(path))] == ["1@a.example"]
    path.write_text(
        '{"type": "OrderedCollection", "orderedItems": [], "first": "https://a.example/o?page=1"}'
    )
    with pytest.raises(SourceError, match="without posts") as refused:
        imported(path)
    assert refused.value.hint == "save its first page, https://a.example/o?page=1."


def note(number: int, fields: dict[str, Any]) -> dict[str, Any]:
    uri = f"{ACTOR}/statuses/{number}"
    inner = {"id": uri, "type": "Note", "content": "<p>a</p>", "attributedTo": ACTOR, **fields}
    return {"id": f"{uri}/activity", "type": "Create", "actor": ACTOR, "object": inner}


def boost(number: int, target: int) -> dict[str, Any]:
    uri = f"{ACTOR}/statuses/{number}/activity"
    return {
        "id": uri,
        "type": "Announce",
        "actor": ACTOR,
        "to": PUBLIC,
        "object": f"{ACTOR}/statuses/{target}",
    }


def test_what_one_item_hides_no_other_shows(tmp_path: Path) -> None:
    narrow = {"to": [FOLLOWERS], "content": "<p>b</p>", "updated": "2025-01-02T00:00:00Z"}
    items = [
        note(1, {"to": PUBLIC}),
        note(1, narrow),
        boost(2, 1),
        boost(3, 4),
        note(4, {"to": PUBLIC}),
    ]
    found = imported(outbox(tmp_path, items))
    assert [p.id for p in posts(found)] == ["4@a.example"]
    assert [e.reason for e in found.exclusions] == [
        "not public",
        "not public",
        "not public",
        "repost of oneself",
    ]
    assert {p.id for p in posts(imported(outbox(tmp_path, items), "followers"))} == {
        "1@a.example",
        "4@a.example",
    }


def test_the_account_that_a_person_names_is_that_of_an_address_without_a_name(
    tmp_path: Path,
) -> None:
    item = note(1, {"to": PUBLIC, "attributedTo": "https://a.example/ap/users/77"})
    options = Options(account="@b@people.a.example")
    found = MastodonExport().read(source(outbox(tmp_path, [item])), options)
    assert [(p.author.handle, p.author.id) for p in posts(found)] == [
        ("b@people.a.example", "https://a.example/ap/users/77")
    ]


def test_half_characters_cost_no_other_post(tmp_path: Path) -> None:
    items = [note(1, {"to": PUBLIC, "content": "<p>\ud800!</p>"}), note(2, {"to": PUBLIC})]
    assert [p.text for p in posts(imported(outbox(tmp_path, items)))] == ["\ud800!", "a"]


@pytest.mark.slow
def test_a_chain_of_three_thousand_and_a_circle(tmp_path: Path) -> None:
    chain = [
        note(n, {"to": PUBLIC, "inReplyTo": f"{ACTOR}/statuses/{n - 1}"}) for n in range(1, 3_001)
    ]
    chain[0]["object"]["inReplyTo"] = f"{ACTOR}/statuses/3"
    found = imported(outbox(tmp_path, chain))
    assert [len(t.posts) for t in found.threads] == [3_000]


def test_two_exports_in_one_archive_are_both_read(tmp_path: Path) -> None:
    for case in FOLDERS:
        shutil.copytree(input_of(case), tmp_path / case)
    both, one, other = (imported(p) for p in (tmp_path, *(input_of(c) for c in FOLDERS)))
    assert both.records == one.records + other.records
    assert {t.id for t in both.threads} == {t.id for t in one.threads} | {
        t.id for t in other.threads
    }
    assert len(both.attachments) == len(one.attachments) + len(other.attachments)


PUBLICS = st.sampled_from([PUBLIC, "as:Public", "Public"])
PEOPLE = st.sampled_from(
    [FOLLOWERS, "https://c.example/users/d", "https://www.w3.org/ns/activitystreams", "public", ""]
)
ADDRESSED = (
    st.lists(PUBLICS | PEOPLE, max_size=3)
    | PUBLICS
    | PEOPLE
    | st.none()
    | st.integers()
    | st.just({"id": PUBLIC})
)
ADDRESSING = st.fixed_dictionaries({}, optional={"to": ADDRESSED, "cc": ADDRESSED})


def shows(addressing: dict[str, Any]) -> bool:
    named: list[Any] = []
    for value in addressing.values():
        named += value if isinstance(value, list) else [value]
    return any(one in (PUBLIC, "as:Public", "Public", {"id": PUBLIC}) for one in named)


@given(ADDRESSING, ADDRESSING)
def test_a_post_is_shown_only_if_it_and_its_activity_name_the_public(
    tmp_path_factory: pytest.TempPathFactory, inner: dict[str, Any], outer: dict[str, Any]
) -> None:
    path = outbox(tmp_path_factory.mktemp("o"), [note(1, inner) | outer])
    found = posts(imported(path))
    said = [a for a in (inner, outer) if any(v is not None for v in a.values())]
    assert bool(found) == (bool(said) and all(map(shows, said)))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from([PUBLIC, ACTOR, "Note", "Create"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "type", "url", "name", "content", "href", "object"]), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
FIELDS = st.sampled_from(
    ["id", "type", "object", "actor", "to", "cc", "content", "contentMap", "published", "updated", "summary", "sensitive", "attachment", "tag", "url",
     "inReplyTo", "quote", "quoteUri", "oneOf", "anyOf", "endTime", "closed", "votersCount", "likes", "replies", "conversation", "name", "mediaType",
     "attributedTo", "image", "location", "startTime"]
)  # fmt: skip
STRANGE = st.dictionaries(FIELDS, JSON, max_size=4)
TYPES = st.sampled_from(
    [
        "Create",
        "Announce",
        "Update",
        "Delete",
        "Undo",
        "Note",
        "Question",
        "Article",
        "Video",
        "Event",
        "Like",
    ]
)


@st.composite
def items(draw: st.DrawFn) -> Any:
    inner = note(draw(st.integers(1, 3)), {"to": PUBLIC})["object"] | draw(STRANGE)
    outer = {
        "id": f"{inner['id']}/activity",
        "type": draw(TYPES),
        "actor": ACTOR,
        "to": [PUBLIC],
        "object": inner,
    }
    return draw(
        st.sampled_from([outer | draw(STRANGE), inner, draw(JSON), inner | {"type": draw(TYPES)}])
    )


@given(st.lists(items(), min_size=1, max_size=5))
def test_every_item_is_a_post_or_an_exclusion_whatever_its_fields_hold(
    tmp_path_factory: pytest.TempPathFactory, found: list[Any]
) -> None:
    found = [note(9, {"to": PUBLIC}), *found]
    read = imported(outbox(tmp_path_factory.mktemp("o"), found))
    assert read.records == len(found) == len(posts(read)) + len(read.exclusions)
    assert len({p.id for p in posts(read)}) == len(posts(read))
    assert all(msgspec.convert(msgspec.to_builtins(p), Post) == p for p in posts(read))


def saved(tmp_path: Path, value: Any) -> Path:
    path = tmp_path / "saved.json"
    path.write_text(json.dumps(value), "utf-8")
    return path


def status(number: int, **fields: Any) -> dict[str, Any]:
    uri = f"{ACTOR}/statuses/{number}"
    account = {"username": "b", "acct": "b", "url": "https://a.example/@b", "uri": ACTOR}
    return {
        "id": str(number), "uri": uri, "created_at": "2024-01-01T00:00:00Z", "visibility": "public",
        "content": f"<p>said {number}</p>", "account": account, "media_attachments": [],
        "spoiler_text": "", "reblog": None, **fields,
    }  # fmt: skip


def texts(found: Imported) -> list[str]:
    return [p.text for p in posts(found)]


KNOWN_WORDS = (
    "public",
    "unlisted",
    "private",
    "direct",
    "local",
    "mutuals_only",
    "limited",
    "list",
)
WORDS = (
    st.text(max_size=8)
    | st.sampled_from(["Public", "PUBLIC", "public ", "home", "unlistd", "", *KNOWN_WORDS])
    | st.none() | st.integers() | st.booleans() | st.lists(st.just("public"), max_size=2)
)  # fmt: skip


@given(WORDS)
def test_an_audience_that_is_not_known_to_be_open_is_closed(
    tmp_path_factory: pytest.TempPathFactory, word: Any
) -> None:
    path = saved(tmp_path_factory.mktemp("s"), [status(1), status(2, visibility=word)])
    is_open = word in ("public", "unlisted")
    found = imported(path)
    assert texts(found) == ["said 1", "said 2"] if is_open else ["said 1"]
    assert ("said 2" in repr(found)) == is_open
    is_unknown = not (isinstance(word, str) and word in KNOWN_WORDS)
    seen = {p.text: p.visibility for p in posts(imported(path, "unknown"))}
    assert ("said 2" in seen) == (is_open or is_unknown)
    assert seen.get("said 2") in ((None, "unlisted") if is_open else (None, "unknown"))


@pytest.mark.parametrize(
    "said",
    [{"local_only": "true"}, {"localOnly": 1}, {"privacy": "private"}, {"scope": "followers"},
     {"draft": True}, {"is_archived": "yes"}, {"visibility_ex": "mutual"}, {"limited": True},
     {"pleroma": {"local": True, "visibility": "znajomi"}}],
)  # fmt: skip
def test_other_words_of_a_status_close_it_too(said: dict[str, Any], tmp_path: Path) -> None:
    found = imported(saved(tmp_path, [status(1, pleroma={"local": True}), status(2, **said)]))
    assert texts(found) == ["said 1"]
    assert "said 2" not in repr(found)


def test_each_option_lets_in_its_own_audience_and_no_circle_comes_in(tmp_path: Path) -> None:
    path = saved(tmp_path, [status(n, visibility=w) for n, w in enumerate(KNOWN_WORDS)])
    for option, word in (("followers", "private"), ("direct", "direct")):
        seen = [(p.text, p.visibility) for p in posts(imported(path, option))]
        place = KNOWN_WORDS.index(word)
        assert seen == [("said 0", None), ("said 1", "unlisted"), (f"said {place}", option)]
    assert len(posts(imported(path, "followers", "direct", "unknown"))) == 4


def test_a_boost_is_shown_to_those_whom_it_names_itself(tmp_path: Path) -> None:
    inner = {
        "id": "https://c.example/1",
        "type": "Note",
        "content": "<p>theirs</p>",
        "to": [PUBLIC],
    }
    silent = {**boost(1, 9), "object": inner}
    del silent["to"]
    found = imported(outbox(tmp_path, [silent, {**boost(2, 9), "object": inner}]))
    assert [(p.id, p.repost_of) for p in posts(found)] == [
        ("2@a.example", "https://c.example/1")
    ]  # fmt: skip
    assert [e.reason for e in found.exclusions] == ["not public"]
    unknown = {p.id: p.visibility for p in posts(imported(outbox(tmp_path, [silent]), "unknown"))}
    assert unknown == {"1@a.example": "unknown"}


@pytest.mark.parametrize(
    ("said", "option", "visibility"),
    [
        ({"visibility": "private"}, "followers", "followers"),
        ({"visibility": "Direct"}, "direct", "direct"),
        ({"visibility": "Freunde"}, "unknown", "unknown"),
        ({"visibility": ["public", "znajomi"]}, "unknown", "unknown"),
        ({"visibility": {"id": 1}}, "unknown", "unknown"),
        ({"privacy": 2}, "unknown", "unknown"),
        ({"_visibility": "local"}, None, None),
        ({"draft": True}, None, None),
        ({"directMessage": "true"}, "followers", "followers"),
        ({"isPrivate": 1}, "followers", "followers"),
        ({"toot:visibility": "privé"}, "unknown", "unknown"),
        ({"https://b.example/ns#visibility": "private"}, "followers", "followers"),
        ({"_misskey_visibility": "home"}, "unknown", "unknown"),
        ({"litepub:directMessage": True}, "followers", "followers"),
        ({"pleroma": {"visibility": "list"}}, None, None),
        ({"state": "draft", "audience": "https://b.example/us"}, None, None),
    ],
)
@pytest.mark.parametrize("place", ["object", "activity"])
def test_a_word_beside_an_open_address_closes(
    said: dict[str, Any], option: Any, visibility: str | None, place: str, tmp_path: Path
) -> None:
    closed = note(2, {"to": PUBLIC})
    closed["object"]["content"] = "<p>hidden</p>"
    (closed["object"] if place == "object" else closed).update(said)
    own = {**boost(3, 9), "object": closed["object"], **(said if place == "activity" else {})}
    path = outbox(tmp_path, [note(1, {"to": PUBLIC}), closed, own])
    found = imported(path)
    assert "hidden" not in repr(found)
    assert len(posts(found)) == 1
    every = imported(path, "followers", "direct", "unknown")
    assert {p.visibility for p in posts(every)} == {None, visibility}
    assert option is None or len(posts(imported(path, option))) == 2


@pytest.mark.parametrize("said", [{"visibility": "public"}, {"visibility": None}, {"draft": False},
                                  {"visibility": "as:Public"}, {"directMessage": False},
                                  {"state": 1}, {"status": "CONFIRMED"}, {"pleroma": {"local": True}}])  # fmt: skip
def test_a_word_that_says_what_the_address_says_closes_nothing(
    said: dict[str, Any], tmp_path: Path
) -> None:
    item = note(1, {"to": PUBLIC})
    item["object"].update(said)
    assert [p.visibility for p in posts(imported(outbox(tmp_path, [item])))] == [None]


def test_an_own_boost_of_a_narrow_status_stays_out(tmp_path: Path) -> None:
    narrow = status(2, visibility="private", content="<p>hidden</p>")
    found = imported(saved(tmp_path, [status(1), status(3, content="", reblog=narrow)]))
    assert texts(found) == ["said 1"]
    assert [(e.reason, e.detail) for e in found.exclusions] == [
        ("not public", "for followers: --include followers")
    ]


WRAPPINGS: dict[str, Any] = {
    "list": lambda inner: [inner],
    "key": lambda inner: {"my own key": inner},
    "answer": lambda inner: {"success": True, "headers": {"a": ["b", 1]}, "data": inner},
    "text": lambda inner: {"status": 200, "body": json.dumps(inner)},
    "capture": lambda inner: {"log": {"entries": [{
        "request": {"url": "https://a.example/api/v1/accounts/1/statuses?limit=40"},
        "response": {"content": {"mimeType": "application/json", "text": json.dumps(inner)}},
    }]}},
}  # fmt: skip
NESTS = st.lists(st.sampled_from(sorted(WRAPPINGS)), max_size=4)
WHOLE: list[Any] = [
    [note(1, {"to": PUBLIC}), note(2, {"to": [FOLLOWERS]}), boost(3, 9)],
    note(1, {"to": PUBLIC}),
    {
        "type": "OrderedCollection",
        "orderedItems": [note(1, {"to": PUBLIC}), note(2, {"cc": PUBLIC})],
    },
    [status(1), status(2, visibility="private"), status(3, in_reply_to_id="1")],
    status(1),
    {"statuses": [status(1)], "hashtags": []},
]


@given(st.sampled_from(range(len(WHOLE))), NESTS)
def test_no_wrapping_changes_what_is_read(
    tmp_path_factory: pytest.TempPathFactory, which: int, nest: list[str]
) -> None:
    folder, value = tmp_path_factory.mktemp("w"), WHOLE[which]
    for name in nest:
        value = WRAPPINGS[name](value)
    plain, wrapped = imported(saved(folder, WHOLE[which])), imported(saved(folder, value))
    assert posts(wrapped) == posts(plain)
    assert len(wrapped.exclusions) == len(plain.exclusions)


def test_statuses_in_camel_case_are_the_same(tmp_path: Path) -> None:
    one = status(1, spoiler_text="Careful", favourites_count=4, edited_at="2024-01-02T00:00:00Z")
    other = {
        {"created_at": "createdAt", "media_attachments": "mediaAttachments", "edited_at": "editedAt",
         "spoiler_text": "spoilerText", "favourites_count": "favouritesCount"}.get(k, k): v
        for k, v in one.items()
    }  # fmt: skip
    assert posts(imported(saved(tmp_path, [one]))) == posts(imported(saved(tmp_path, [other])))


def test_of_a_timeline_only_what_is_the_owners_comes_in(tmp_path: Path) -> None:
    stranger = {"username": "d", "acct": "d@c.example", "url": "https://c.example/@d"}
    theirs = status(2, uri="https://c.example/users/d/statuses/2", account=stranger)
    path = saved(tmp_path, [status(1), theirs])
    with pytest.raises(SourceError, match="2 accounts") as refused:
        imported(path)
    assert "--account" in (refused.value.hint or "")
    found = MastodonExport().read(source(path), Options(account="@B@a.example"))
    assert texts(found) == ["said 1"]
    assert [(e.record, e.reason) for e in found.exclusions] == [
        ("https://c.example/users/d/statuses/2", "not of this account")
    ]


def test_of_a_capture_only_answers_with_the_accounts_own_posts_are_read(tmp_path: Path) -> None:
    def entry(url: str, number: int) -> Any:
        body = json.dumps([status(number)])
        return {"request": {"url": url, "postData": {"text": body}},
                "response": {"content": {"text": body}}}  # fmt: skip

    entries = [
        entry("https://a.example/api/v1/accounts/7/statuses", 1),
        entry("https://a.example/api/v1/timelines/home", 2),
        entry("https://a.example/api/v1/conversations", 3),
    ]
    path = saved(tmp_path, {"log": {"creator": {"name": "browser"}, "entries": entries}})
    assert texts(imported(path)) == ["said 1"]


@pytest.mark.parametrize(
    "value",
    [
        {"favourites": [status(1)], "bookmarks": [status(2)]},
        [{"id": "1", "type": "Like", "actor": ACTOR}],
        {"type": "OrderedCollection", "orderedItems": []},
        {"type": "OrderedCollection", "orderedItems": ["https://a.example/1"]},
    ],
)
def test_what_holds_no_posts_is_no_account_without_posts(value: Any, tmp_path: Path) -> None:
    path = saved(tmp_path, value)
    with pytest.raises(SourceError, match="posts") as refused:
        imported(path)
    assert (refused.value.exit_code, bool(refused.value.hint)) == (2, True)


def test_trailing_commas_and_a_mark_cost_nothing(tmp_path: Path) -> None:
    path = outbox(tmp_path, [note(1, {"to": PUBLIC}), note(2, {"to": [FOLLOWERS]})])
    whole = imported(path)
    path.write_text("\ufeff" + path.read_text("utf-8").replace("]}", ",],}"), "utf-8")
    assert imported(path) == whole
    shutil.copytree(input_of("export_2022"), tmp_path / "e")
    file = next((tmp_path / "e").rglob("outbox.json"))
    file.write_text("\ufeff" + file.read_text("utf-8").rstrip().removesuffix("}") + ",}", "utf-8")
    assert posts(imported(tmp_path / "e")) == posts(imported(input_of("export_2022")))


def test_files_of_any_name_in_a_folder_are_read(tmp_path: Path) -> None:
    saved(tmp_path, [status(1)])
    (tmp_path / "page-2.json").write_text(json.dumps({"statuses": [status(2)]}), "utf-8")
    (tmp_path / "other.json").write_text('{"a": 1}', "utf-8")
    assert sorted(texts(imported(tmp_path))) == ["said 1", "said 2"]


PARTS = {
    "created_at": {"created_at"}, "edited_at": {"edited_at"}, "spoiler_text": {"warning", "sensitive"},
    "sensitive": {"sensitive"}, "language": {"langs"}, "url": {"url"}, "favourites_count": {"counts"},
    "replies_count": {"counts"}, "reblogs_count": {"counts"}, "mentions": {"mentions"},
    "tags": {"tags"}, "emojis": {"extra"}, "media_attachments": {"media"}, "card": {"card"},
    "poll": {"poll", "extra"}, "in_reply_to_id": {"reply_to", "elsewhere"},
    "quote": {"quote_of", "elsewhere"}, "account": {"author"}, "id": set(), "place": set(),
    "pinned": set(), "application": set(),
}  # fmt: skip
FULL = status(
    1, edited_at="2024-01-02T00:00:00Z", spoiler_text="Careful", sensitive=True, language="en",
    url="https://a.example/@b/1", favourites_count=1, replies_count=2, reblogs_count=3,
    mentions=[{"acct": "d@c.example"}], tags=[{"name": "reed"}],
    media_attachments=[{"type": "image", "url": "https://a.example/1.jpg"}],
    card={"url": "https://c.example/", "title": "c"}, in_reply_to_id="8",
    poll={"options": [{"title": "yes"}], "multiple": True},
)  # fmt: skip


@given(st.sampled_from(sorted(PARTS)), JSON)
def test_a_wrong_field_of_a_status_costs_that_field_alone(
    tmp_path_factory: pytest.TempPathFactory, name: str, junk: Any
) -> None:
    folder = tmp_path_factory.mktemp("f")
    whole = posts(imported(saved(folder, [FULL])))[0]
    changed = posts(imported(saved(folder, [FULL | {name: junk}])))[0]
    for field in set(Post.__struct_fields__) - PARTS[name]:
        assert getattr(changed, field) == getattr(whole, field), field


NOTE = {
    "to": PUBLIC, "content": "<p>a</p>", "published": "2024-01-01T00:00:00Z", "summary": "Careful",
    "updated": "2024-01-02T00:00:00Z", "sensitive": True, "url": "https://a.example/@b/1",
    "tag": [{"type": "Hashtag", "name": "#reed"}], "inReplyTo": "https://c.example/1",
    "attachment": [{"type": "Image", "url": "https://a.example/1.jpg", "name": "One"}],
    "contentMap": {"en": "<p>a</p>"}, "oneOf": [{"name": "yes"}], "likes": {"totalItems": 3},
}  # fmt: skip
NOTE_PARTS = {
    "published": {"created_at", "edited_at"}, "summary": {"warning", "extra", "sensitive"},
    "updated": {"edited_at"}, "sensitive": {"sensitive"}, "url": {"url", "media"}, "tag": {"tags",
    "mentions", "extra", "quote_of", "elsewhere"}, "inReplyTo": {"reply_to", "elsewhere"},
    "attachment": {"media", "links"}, "contentMap": {"langs", "extra"}, "oneOf": {"poll"},
    "likes": {"counts"}, "location": set(), "conversation": set(), "signature": set(),
    "attributedTo": {"author"}, "anyOf": {"poll", "extra"}, "closed": {"extra"},
}  # fmt: skip


@given(st.sampled_from(sorted(NOTE_PARTS)), JSON)
def test_a_wrong_field_of_a_note_costs_that_field_alone(
    tmp_path_factory: pytest.TempPathFactory, name: str, junk: Any
) -> None:
    folder = tmp_path_factory.mktemp("f")
    whole = posts(imported(outbox(folder, [note(1, NOTE)])))[0]
    changed = posts(imported(outbox(folder, [note(1, NOTE | {name: junk})])))[0]
    for field in set(Post.__struct_fields__) - NOTE_PARTS[name]:
        assert getattr(changed, field) == getattr(whole, field), field


def test_content_that_is_no_text_costs_no_picture(tmp_path: Path) -> None:
    picture = {"type": "Image", "url": "https://a.example/1.jpg"}
    item = note(1, {"to": PUBLIC, "content": ["a", "b"], "attachment": [picture]})
    found = imported(outbox(tmp_path, [item]))
    assert [(p.text, len(p.media)) for p in posts(found)] == [("", 1)]
    assert [o.what for o in found.oddities] == ['unreadable "content" left out']


def test_a_backup_of_everything_gives_the_owners_own_posts(tmp_path: Path) -> None:
    stranger = {"username": "d", "acct": "d@c.example", "url": "https://c.example/@d"}
    theirs = [status(n, uri=f"https://c.example/{n}", account=stranger) for n in (7, 8)]
    value = {
        "statuses": [status(1)], "mentions": [theirs[0], status(9)], "favourites": theirs,
        "drafts": [status(3, content="not yet")], "followers": [{"acct": "e@c.example"}],
        "conversations": [{"id": "1", "accounts": [], "last_status": status(4, visibility="direct")}],
    }  # fmt: skip
    found = imported(saved(tmp_path, value))
    assert texts(found) == ["said 1"]
    assert [e.reason for e in found.exclusions] == [
        *["not a post"] * 4,
        "draft",
        "not a post",
        "private message",
    ]


def test_pages_in_a_row_are_one_outbox(tmp_path: Path) -> None:
    path = tmp_path / "pages.jsonl"
    pages = [
        {"type": "OrderedCollectionPage", "orderedItems": [note(n, {"to": PUBLIC})]}
        for n in (1, 2)
    ]  # fmt: skip
    path.write_text("\n".join(map(json.dumps, pages)), "utf-8")
    assert [p.id for p in posts(imported(path))] == ["1@a.example", "2@a.example"]


@pytest.mark.parametrize("depth", [100, 400, 480, 900])
def test_deep_objects_are_no_traceback(depth: int, tmp_path: Path) -> None:
    deep: Any = {"@type": "as:Note", "as:content": "a"}
    for _ in range(depth):
        deep = {"@type": "as:Note", "as:tag": deep}
    item = {
        "@type": "as:Note",
        "@id": "https://a.example/1",
        "as:to": "as:Public",
        "as:content": "a",
        "as:tag": deep,
    }
    for value in ([item], [status(1) | {"createdAt": "2024-01-01", "poll": deep}]):
        path = saved(tmp_path, value)
        if MastodonExport().detect(source(path)):
            try:
                assert imported(path).records == 1
            except SourceError as error:
                assert error.hint


def test_of_an_inbox_only_what_is_the_owners_comes_in(tmp_path: Path) -> None:
    other = "https://c.example/users/d"
    theirs = note(2, {"to": PUBLIC, "attributedTo": other}) | {"actor": {"id": other}}
    path = saved(tmp_path, {"inbox": [note(1, {"to": PUBLIC}), theirs]})
    with pytest.raises(SourceError, match="2 accounts"):
        imported(path)
    for account in ("b@a.example", ACTOR):
        found = MastodonExport().read(source(path), Options(account=account))
        assert [p.id for p in posts(found)] == ["1@a.example"]
        assert [e.reason for e in found.exclusions] == ["not of this account"]
