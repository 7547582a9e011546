"""Whose posts a Meta export publishes: only those of accounts that are stated to be public."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.ingest import pipeline
from sitegen.model import Post, Privacy
from sitegen.sources import Imported, Include, Options
from sitegen.sources.meta import translations

from . import meta_writer as meta

Account = tuple[str, str]


def read(*paths: Path, options: Options | None = None) -> Imported:
    (found,) = pipeline.read(paths, options or Options())
    return found.imported


def posts(imported: Imported) -> list[Post]:
    return [post for thread in imported.threads for post in thread.posts]


def kept(imported: Imported) -> list[tuple[str, str | None]]:
    return [(post.text, post.visibility) for post in posts(imported)]


def reasons(imported: Imported) -> list[tuple[str, str]]:
    return [(e.reason, e.detail) for e in imported.exclusions if e.reason != "not a post"]


def including(*words: Include) -> Options:
    return Options(include=frozenset(words))


def one_post(folder: Path, profile: bytes | None, **names: bytes) -> Path:
    files = {meta.POSTS: meta.document([meta.post("reeds at dusk")]), **names}
    return meta.into(folder, files | ({meta.PROFILE: profile} if profile else {}))


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("Private Account", "False"), ("Privates Konto", "Falsch"), ("Konto prywatne", "Fałsz"),
        ("Compte privé", "Faux"), ("Gizli Hesap", "Yanlış"), ("非公開アカウント", "false"), ("Private Account", False),
        ("Закрытый аккаунт", "Нет"), ("비공개 계정", "아니요"), ("Soukromý\u00a0účet:", "Ne"),
    ],
)  # fmt: skip
def test_an_account_that_is_said_to_be_public_is(label: str, value: Any, tmp_path: Path) -> None:
    imported = read(one_post(tmp_path, meta.profile("ada.fen", value, label)))
    assert kept(imported) == [("reeds at dusk", None)]
    assert imported.notes == ()
    assert imported.privacy == {
        ("instagram", "ada.fen"): "public",
        ("threads", "ada.fen"): "public",
    }


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("Private Account", "True"), ("Privates Konto", "Wahr"), ("Konto prywatne", "Prawda"),
        ("非公開アカウント", "true"), ("Private Account", True), ("Yksityinen tili", "Tosi"),
    ],
)  # fmt: skip
def test_posts_of_a_private_account_need_an_include(label: str, value: Any, tmp_path: Path) -> None:
    path = one_post(tmp_path, meta.profile("ada.fen", value, label))
    imported = read(path)
    assert reasons(imported) == [("not public", "the account is private")]
    assert imported.notes == (
        "@ada.fen is private: its posts are left out. To include them: --include followers.",
    )
    assert imported.privacy[("instagram", "ada.fen")] == "private"
    assert kept(read(path, options=including("followers"))) == [("reeds at dusk", "followers")]
    assert not posts(read(path, options=including("unknown")))


UNREADABLE = [
    meta.profile("ada.fen", "True", "Priwatny konto"),
    meta.profile("ada.fen", "Certainly", "Private Account"),
    meta.profile("ada.fen", "", "Private Account"),
    meta.profile("ada.fen", None),
    meta.profile("ada.fen", 0, "Private Account"),
    meta.profile("ada.fen", "False", "Private Account", Privates_Konto="Vielleicht"),
    b'{"profile_user": [{"string_map_data": {"Username"',
    b'{"profile_user": []}',
    b'{"profile_user": 5}',
    b'{"account": {"handle": "ada.fen"}}',
]


@pytest.mark.parametrize("profile", UNREADABLE)
def test_a_profile_that_cannot_be_read_keeps_posts_out(profile: bytes, tmp_path: Path) -> None:
    path = one_post(tmp_path, profile)
    imported = read(path)
    assert ("not public", "privacy not readable") in reasons(imported)
    assert not posts(imported)
    note, *others = imported.notes
    assert "is private" in note
    assert "--include unknown" in note
    assert all("a part of it is damaged" in other for other in others)
    assert kept(read(path, options=including("unknown"))) == [("reeds at dusk", "unknown")]
    assert not posts(read(path, options=including("followers")))


def test_without_a_profile_posts_are_in_with_a_warning(tmp_path: Path) -> None:
    for path in (
        one_post(tmp_path / "export", None),
        meta.zipped(
            tmp_path / "x_part_1.zip", {meta.POSTS: meta.document([meta.post("reeds at dusk")])}
        ),
        meta.into(tmp_path / "alone", {"posts_1.json": meta.document([meta.post("reeds at dusk")])})
        / "posts_1.json",
    ):
        imported = read(path, options=Options("ada.fen"))
        assert kept(imported) == [("reeds at dusk", "unknown")]
        (note,) = imported.notes
        assert note.startswith("warning: there is no profile")
        assert "private" in note
        assert imported.privacy == {}


@pytest.mark.parametrize(
    "name", ["x_part_2.zip", "x-part3.zip", "x (2).zip", "x (1).zip", "x_2.zip", "x-3.zip", "part 2 of 3.zip"]
)  # fmt: skip
def test_a_later_part_by_itself_keeps_posts_out(name: str, tmp_path: Path) -> None:
    files = {meta.POSTS: meta.document([meta.post("reeds at dusk")])}
    path = meta.zipped(tmp_path / name, files)
    imported = read(path)
    assert reasons(imported) == [("not public", "privacy not stated in this part")]
    (note,) = imported.notes
    assert "together with part 1" in note
    assert "--include unknown" in note
    assert kept(read(path, options=including("unknown"))) == [("reeds at dusk", "unknown")]


@pytest.mark.parametrize(
    ("known", "account", "expected"),
    [
        ("private", "Ada.Fen", []),
        ("unknown", "ada.fen", []),
        ("public", "ada.fen", [("reeds at dusk", None)]),
        ("private", "someone.else", [("reeds at dusk", "unknown")]),
    ],
)
def test_what_earlier_imports_learnt_of_an_account_counts(
    known: Privacy, account: str, expected: list[Any], tmp_path: Path
) -> None:
    options = Options(account, privacy={("instagram", "ada.fen"): known})
    assert kept(read(one_post(tmp_path, None), options=options)) == expected


def test_posts_of_nobody_are_closed_where_only_closed_accounts_are_known(tmp_path: Path) -> None:
    path = one_post(tmp_path, None)
    known: dict[Account, Privacy] = {("instagram", "ada.fen"): "private"}
    imported = read(path, options=Options(privacy=known))
    assert reasons(imported) == [("not public", "privacy not stated")]
    assert "--include unknown" in imported.notes[0]
    for other in ("bo.marsh", "ada.fen"):
        more: dict[Account, Privacy] = {**known, ("instagram", other): "public"}
        assert len(posts(read(path, options=Options(privacy=more)))) == 1
    elsewhere: dict[Account, Privacy] = {("threads", "ada.fen"): "private"}
    assert len(posts(read(path, options=Options(privacy=elsewhere)))) == 1


def test_the_name_of_an_export_closes_and_never_opens(tmp_path: Path) -> None:
    path = one_post(tmp_path / "instagram-ada.fen-2026-01-31-QwErTy", None)
    for known, expected in (("private", []), ("public", [("reeds at dusk", "unknown")])):
        options = Options(privacy={("instagram", "ada.fen"): known})  # type: ignore[dict-item]
        assert kept(read(path, options=options)) == expected


def test_a_profile_is_found_around_a_file_or_a_folder_taken_from_an_export(tmp_path: Path) -> None:
    top = one_post(tmp_path, meta.profile("ada.fen", "True"))
    for path in (
        top / meta.POSTS,
        top / "your_instagram_activity",
        top / "your_instagram_activity/media",
    ):
        assert reasons(read(path)) == [("not public", "the account is private")], path
    (tmp_path / "flat").mkdir()
    for name in (meta.POSTS, meta.PROFILE):
        (tmp_path / "flat" / Path(name).name).write_bytes((top / name).read_bytes())
    assert not posts(read(tmp_path / "flat" / "posts_1.json"))


def test_threads_takes_instagrams_word_and_not_the_other_way_round(tmp_path: Path) -> None:
    def imported(folder: str, threads: bytes | None, instagram: bytes | None) -> list[str]:
        files = {
            meta.POSTS: meta.document([meta.post("picture")]),
            meta.THREADS: meta.document({"text_post_app_text_posts": [meta.thread_post("thread")]}),
        }
        if threads:
            changed = threads.replace(b"profile_user", b"text_post_app_text_post_app_profile")
            files["your_instagram_activity/threads/threads_profile.json"] = changed
        files |= {meta.PROFILE: instagram} if instagram else {}
        found = read(meta.into(tmp_path / folder, files), options=including("unknown", "followers"))
        return sorted(f"{post.text}: {post.visibility or 'public'}" for post in posts(found))

    silent, public = meta.profile("ada.fen", None), meta.profile("ada.fen")
    private = meta.profile("ada.fen", "True")
    unread = meta.profile("ada.fen", "False", "Prywatny")
    assert imported("1", silent, public) == ["picture: public", "thread: public"]
    assert imported("2", silent, private) == ["picture: followers", "thread: followers"]
    assert imported("3", private, public) == ["picture: public", "thread: followers"]
    assert imported("4", unread, public) == ["picture: public", "thread: unknown"]
    assert imported("5", public, None) == ["picture: unknown", "thread: public"]
    assert imported("6", private, None) == ["picture: followers", "thread: followers"]
    assert imported("7", silent, None) == ["picture: unknown", "thread: unknown"]
    files = [tmp_path / "7", tmp_path / "4"]
    assert [len(posts(read(path))) for path in files] == [1, 1]


def test_no_word_of_what_is_not_said_to_be_false_means_false() -> None:
    assert not translations.FALSE & translations.TRUE
    assert "" not in translations.FALSE


def _is_no_false(value: Any) -> bool:
    return value is not False and (
        not isinstance(value, str) or translations.fold(value) not in translations.FALSE
    )


VALUES = st.one_of(
    st.text(), st.sampled_from(["True", "Oui", "Ja"]), st.integers(), st.booleans(), st.none()
)


@given(
    st.dictionaries(st.text(), VALUES, max_size=4),
    st.sampled_from([*sorted(translations.PRIVATE), "Prywatność", ""]),
    VALUES.filter(_is_no_false),
)
def test_no_private_word_is_in_what_is_read(others: dict[str, Any], label: str, value: Any) -> None:
    """Whatever the language of a profile: what it does not call public leaves no byte behind."""
    harmless = {k: v for k, v in others.items() if translations.fold(k) not in translations.PRIVATE}
    labels = {k: {"value": v} for k, v in {**harmless, "Bio": "SECRET bio", label: value}.items()}
    files = meta.export("SECRET", count=1)
    files[meta.PROFILE] = meta.document({"profile_user": [{"string_map_data": labels}]})
    with tempfile.TemporaryDirectory() as folder:
        imported = read(meta.into(Path(folder), files))
    assert (imported.threads, imported.profiles, imported.attachments) == ((), (), {})
    assert "SECRET" not in repr(imported)


@pytest.mark.parametrize("private", ["True", "Ehkä"])
@pytest.mark.parametrize("names", [("x.zip", "y.zip"), ("y.zip", "x.zip")])
@pytest.mark.parametrize("is_named", [True, False])
def test_posts_that_nothing_names_are_closed_beside_a_closed_profile(
    private: str, names: tuple[str, str], is_named: bool, tmp_path: Path
) -> None:
    profile = meta.profile("ada.fen", private)
    if not is_named:
        profile = meta.document({"profile_user": [{"string_map_data": {"नाम": {"value": "ada"}}}]})
    first = meta.zipped(tmp_path / names[0], {meta.PROFILE: profile})
    second = meta.zipped(
        tmp_path / names[1], {meta.POSTS: meta.document([meta.post("reeds at dusk")])}
    )
    together = [
        pipeline.read((first, second), Options()),
        pipeline.read((second, first), Options()),
        pipeline.read((tmp_path,), Options()),
    ]
    for found in together:
        (read,) = [each for each in found if reasons(each.imported)]
        assert not any(kept(each.imported) for each in found)
        assert reasons(read.imported) == [("not public", "privacy not stated")]
        assert any("private" in n and "--include unknown" in n for n in read.imported.notes)
    allowed = pipeline.read((first, second), including("unknown"))
    assert [k for each in allowed for k in kept(each.imported)] == [("reeds at dusk", "unknown")]


def test_a_single_file_of_posts_is_closed_beside_a_closed_profile(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    file = tmp_path / "one" / "posts_1.json"
    file.write_bytes(meta.document([meta.post("reeds at dusk")]))
    profile = tmp_path / "two" / "personal_information.json"
    profile.write_bytes(meta.profile("ada.fen", "True"))
    for sources in ((file, profile), (profile, file)):
        found = pipeline.read(sources, Options())
        assert not any(kept(each.imported) for each in found)


def test_posts_that_nothing_names_stay_open_beside_a_public_profile(tmp_path: Path) -> None:
    first = meta.zipped(tmp_path / "x.zip", {meta.PROFILE: meta.profile("ada.fen", "False")})
    second = meta.zipped(
        tmp_path / "y.zip", {meta.POSTS: meta.document([meta.post("reeds at dusk")])}
    )
    found = pipeline.read((first, second), Options())
    assert [k for each in found for k in kept(each.imported)] == [("reeds at dusk", "unknown")]


def test_a_closed_profile_without_a_name_that_can_be_read_is_remembered(tmp_path: Path) -> None:
    profile = meta.document({"profile_user": [{"string_map_data": {"नाम": {"value": "ada"}}}]})
    earlier = read(one_post(tmp_path / "1", profile))
    assert dict(earlier.privacy)["instagram", ""] == "unknown"
    later = read(one_post(tmp_path / "2", None), options=Options(privacy=earlier.privacy))
    assert reasons(later) == [("not public", "privacy not stated")]


@pytest.mark.parametrize(
    "label",
    [
        {"label": "Odbiorcy", "value": "Bliscy znajomi"},
        {"label": "Shared with", "value": "Close Friends"},
        {"label": "Ukjent", "value": "Nære venner"},
        {"title": "Audience", "dict": [{"label": "Name", "value": "Seven people"}]},
        {"label": "Is close friends", "value": "True"},
        {"label": "Archived", "value": "Yes"},
    ],
)
def test_a_post_with_an_audience_of_its_own_is_left_out(label: Any, tmp_path: Path) -> None:
    caption = {"label": "Caption", "value": "reeds at dusk"}
    record = meta.post("", "media/posts/202501/1.jpg", label_values=[caption, label])
    files = {meta.POSTS: meta.document([record]), meta.PROFILE: meta.profile("ada.fen")}
    path = meta.into(tmp_path, files)
    assert reasons(read(path)) == [("not public", "an audience of its own")]
    assert kept(read(path, options=including("unknown"))) == [("reeds at dusk", "unknown")]


def test_a_caption_that_names_an_audience_is_a_caption(tmp_path: Path) -> None:
    caption = {"label": "Caption", "value": "close friends"}
    record = meta.post("", "media/posts/202501/1.jpg", label_values=[caption])
    files = {meta.POSTS: meta.document([record]), meta.PROFILE: meta.profile("ada.fen")}
    assert kept(read(meta.into(tmp_path, files))) == [("close friends", None)]


@pytest.mark.parametrize("private", ["True", "Ehkä"])
def test_a_profile_counts_whatever_its_file_is_called(private: str, tmp_path: Path) -> None:
    name = meta.PROFILE.replace("personal_information.json", "threads_account_details.json")
    profile = meta.profile("ada.fen", private)
    files = {
        "your_instagram_activity/threads/threads_and_replies.json": meta.document(
            {"text_post_app_text_posts": [meta.thread_post("reeds at dusk")]}
        ),
        name: profile.replace(b"profile_user", b"text_post_app_text_post_app_profile"),
    }
    imported = read(meta.into(tmp_path, files))
    assert not kept(imported)
    assert any("private" in note for note in imported.notes)


CLOSING = [
    {"account_user": [{"string_map_data": {"Private Account": {"value": "True"}}}]},
    {"konto": {"of": [{"label_values": [{"label": "Privates Konto", "value": "Wahr"}]}]}},
    [{"string_map_data": {"Private Account": {"value": "Kyllä"}}}, {}],
    [{"string_map_data": {"Private Account": {"value": "Perhaps"}}}, {}],
    {"user": {"is_private": True}},
    {"user": {"private_account": "ja, natürlich"}},
]


@pytest.mark.parametrize("value", CLOSING)
@pytest.mark.parametrize(
    "name",
    ["personal_information/account.json", "preferences/settings.json", "my_account.json",
     "your_instagram_activity/threads/account.json", "profile_information/you.json"],
)  # fmt: skip
def test_a_label_of_privacy_closes_in_any_file_and_under_any_key(
    value: Any, name: str, tmp_path: Path
) -> None:
    path = one_post(tmp_path, meta.profile("ada.fen"), **{name: meta.document(value)})
    imported = read(path)
    assert not kept(imported)
    assert imported.privacy[("instagram", "ada.fen")] != "public"


def test_a_label_of_privacy_in_an_unknown_file_opens_nothing(tmp_path: Path) -> None:
    value = {"account_user": [{"string_map_data": {"Private Account": {"value": "False"}}}]}
    for number, profile in enumerate((meta.profile("ada.fen", "Ehkä"), b'{"konto": []}')):
        path = one_post(
            tmp_path / str(number), profile, **{"my_account.json": meta.document(value)}
        )
        assert not kept(read(path))


@pytest.mark.parametrize(
    "name",
    ["your_instagram_activity/media/close_friends_posts.json", "content/close_friends_posts_1.json",
     "media/close_friends/posts_1.json", "your_instagram_activity/media/CloseFriends.json",
     "your_instagram_activity/media/enge_freunde.json", "media/archived_posts/posts_1.json",
     "your_instagram_activity/media/private_posts.json",
     "your_instagram_activity/media/archivierte_beiträge.json",
     "media/zarchiwizowane_posty.json", "your_instagram_activity/media/アーカイブ.json",
     "your_instagram_activity/media/historias.json"],
)  # fmt: skip
@pytest.mark.parametrize("key", [None, "ig_media", "ig_close_friends_media", "ig_reels_media"])
def test_what_a_files_name_calls_private_is_left_out(
    name: str, key: str | None, tmp_path: Path
) -> None:
    record = meta.post("otters", "media/posts/202301/1.jpg")
    value = {key: [record]} if key else [record]
    path = one_post(tmp_path, meta.profile("ada.fen"), **{name: meta.document(value)})
    imported = read(path)
    assert kept(imported) == [("reeds at dusk", None)]
    assert "otters" not in repr(imported)
    assert imported.records == 1 + len(imported.exclusions)


@pytest.mark.parametrize(
    ("said", "is_open"),
    [
        ({"audience": "close_friends"}, False),
        ({"is_close_friends": True}, False),
        ({"Visibility": "ukryte"}, False),
        ({"is_archived": "true"}, False),
        ({"shared_with": ["Everyone", "Bo"]}, False),
        ({"privacy": None, "audience": "Everyone"}, True),
        ({"is_archived": False, "visibility": "PUBLIC"}, True),
    ],
)
def test_fields_of_a_post_that_name_an_audience_are_read(
    said: dict[str, Any], is_open: bool, tmp_path: Path
) -> None:
    record = meta.post("otters", "media/posts/202301/1.jpg", **said)
    inside = meta.post("otters", "media/posts/202301/2.jpg")
    inside["media"][0].update(said)
    files = {meta.PROFILE: meta.profile("ada.fen"), meta.POSTS: meta.document([record, inside])}
    path = meta.into(tmp_path, files)
    assert kept(read(path)) == ([("otters", None)] * 2 if is_open else [])
    assert len(kept(read(path, options=including("unknown")))) == 2


@pytest.mark.parametrize(
    ("titles", "is_open"),
    [
        (("Switched to public", "Switched to private"), False),
        (("Switched to private", "Switched to public"), True),
        (("Switched to public", "Zmieniono na prywatne"), False),
        ((), True),
    ],
)
def test_the_last_change_of_an_accounts_privacy_counts_without_a_profile(
    titles: tuple[str, ...], is_open: bool, tmp_path: Path
) -> None:
    events = [
        {"title": title, "string_map_data": {"Time": {"timestamp": meta.SECOND + number}}}
        for number, title in enumerate(titles)
    ]
    value = {"account_history_account_privacy_history": events[::-1]}
    name = "login_and_account_creation/account_privacy_changes.json"
    path = one_post(tmp_path, None, **{name: meta.document(value)})
    assert kept(read(path)) == ([("reeds at dusk", "unknown")] if is_open else [])
