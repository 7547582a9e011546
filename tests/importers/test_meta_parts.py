"""The parts of one Meta download are one source, and two accounts never exchange a fact."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.errors import SitegenError
from sitegen.ingest import pipeline
from sitegen.ingest.pipeline import ReadSource
from sitegen.model import Post
from sitegen.sources import Imported, Options
from sitegen.sources.meta.exports.download_parts import Label

from . import meta_writer as meta

ALL = Options(include=frozenset(["unknown"]))


def read(*paths: Path, options: Options | None = None) -> tuple[ReadSource, ...]:
    return pipeline.read(paths, options or Options())


def posts(imported: Imported) -> list[Post]:
    return [post for thread in imported.threads for post in thread.posts]


def texts(found: tuple[ReadSource, ...]) -> list[list[str]]:
    return [sorted(post.text for post in posts(each.imported)) for each in found]


def shown(imported: Imported) -> list[Any]:
    """Return all that is made of an export, whichever of its parts it comes from."""
    files = {key: file.open().read() for key, file in imported.attachments.items()}
    made = [
        (
            p.id,
            p.text,
            p.author,
            p.visibility,
            p.reply_to,
            [files.get(m.path or "") for m in p.media],
        )
        for p in posts(imported)
    ]
    profiles = [
        (p.id, p.network, p.name, p.bio, files.get(p.avatar or "")) for p in imported.profiles
    ]
    reasons = sorted((e.reason, e.detail) for e in imported.exclusions)
    return [
        made,
        profiles,
        reasons,
        imported.records,
        imported.oddities,
        imported.repairs,
        imported.privacy,
    ]


@pytest.mark.parametrize(
    ("name", "base", "number"),
    [
        ("instagram-ada.fen-2026-01-31-QwErTy.zip", "instagram-ada.fen-2026-01-31-qwerty", None),
        ("instagram-ada.fen-2026-01-31", "instagram-ada.fen-2026-01-31", None),
        ("instagram-ada-2026-01-31_part_2.zip", "instagram-ada-2026-01-31", 2),
        ("instagram-ada-2026-01-31-1.zip", "instagram-ada-2026-01-31", 1),
        ("x_part_10.tar.gz", "x", 10), ("x-Part2.tgz", "x", 2), ("x part 2 of 3.zip", "x", 2), ("x (part 2).zip", "x", 2),
        ("x_part_2 (1).zip", "x", 2), ("x (1).zip", "x", 2), ("x.zip", "x", None), ("x_2.zip", "x", 2), ("3.zip", "", 3),
        ("meta-2026", "meta-2026", None), ("compartment 5.zip", "compartment 5", None), ("part1.zip", "", 1), ("7", "7", None),
    ],
)  # fmt: skip
def test_which_part_a_name_says(name: str, base: str, number: int | None) -> None:
    label = Label.of(name)
    assert (label.base, label.number) == (base, number)


def test_digits_of_an_account_are_no_part(tmp_path: Path) -> None:
    name = "your_instagram_activity/media/posts_7.json"
    files = {name: meta.document([meta.post("words of another")])}
    found = read(
        meta.zipped(tmp_path / "instagram-heron_1.zip", meta.export("heron_1")),
        meta.zipped(tmp_path / "instagram-heron_2.zip", files),
    )
    assert [len(each.imported.profiles) for each in found] == [2, 0]
    assert texts(found)[1] == []


def test_parts_share_their_profile_and_their_media(tmp_path: Path) -> None:
    files = meta.export("ada.fen")
    media = {name: data for name, data in files.items() if name.startswith("media/")}
    rest = {name: data for name, data in files.items() if name not in media}
    paths = [
        meta.zipped(tmp_path / "in" / "instagram-ada_part_1.zip", rest),
        meta.zipped(tmp_path / "in" / "instagram-ada_part_2.zip", media),
    ]
    (whole,) = read(meta.into(tmp_path / "whole", files))
    for given_paths in (paths, paths[::-1], [tmp_path / "in"]):
        (found,) = read(*given_paths)
        assert found.name == f"{paths[0]}, instagram-ada_part_2.zip"
        assert shown(found.imported) == shown(whole.imported)
        assert found.imported.notes == ()


def test_a_private_account_is_private_in_every_part(tmp_path: Path) -> None:
    files = meta.export("ada.fen", "True")
    later = {name: files.pop(name) for name in [*files] if "posts_2" in name}
    found = read(
        meta.zipped(tmp_path / "ada_part_2.zip", later),
        meta.zipped(tmp_path / "ada_part_1.zip", files),
    )
    assert texts(found) == [[]]


def test_the_closed_part_counts_where_parts_disagree(tmp_path: Path) -> None:
    files = meta.export("ada.fen")
    later = {name: files.pop(name) for name in [*files] if "posts_2" in name}
    later[meta.PROFILE] = meta.profile("ada.fen", "Perhaps")
    (found,) = read(
        meta.zipped(tmp_path / "ada_part_1.zip", files),
        meta.zipped(tmp_path / "ada_part_2.zip", later),
    )
    assert posts(found.imported) == []


@pytest.mark.parametrize(
    ("first", "second"), [("x.zip", "x (1).zip"), ("x-1.zip", "x-2.zip"), ("x_1.zip", "x_2.zip")]
)
def test_parts_join_by_any_common_name(first: str, second: str, tmp_path: Path) -> None:
    files = meta.export("ada.fen", "True")
    later = {name: files.pop(name) for name in [*files] if "posts_2" in name}
    paths = [meta.zipped(tmp_path / first, files), meta.zipped(tmp_path / second, later)]
    assert texts(read(*paths)) == [[]]
    assert len(texts(read(*paths, options=Options(include=frozenset(["followers"]))))[0]) == 4


def test_parts_without_a_common_name_join_by_their_account(tmp_path: Path) -> None:
    files = meta.export("ada.fen")
    media = {name: files.pop(name) for name in [*files] if name.startswith("media/")}
    media[meta.PROFILE] = files[meta.PROFILE]
    (found,) = read(meta.zipped(tmp_path / "a.zip", files), meta.zipped(tmp_path / "b.zip", media))
    assert len(found.imported.attachments) == 3


def test_parts_with_instagrams_own_names_join_by_account_and_date(tmp_path: Path) -> None:
    files = meta.export("ada.fen")
    media = {name: files.pop(name) for name in [*files] if name.startswith("media/")}
    first = meta.zipped(tmp_path / "instagram-ada.fen-2026-01-31-AbCd.zip", files)
    second = meta.zipped(tmp_path / "instagram-ada.fen-2026-01-31-EfGh.zip", media)
    other = meta.zipped(
        tmp_path / "instagram-bo.marsh-2026-01-31-IjKl.zip", meta.export("bo.marsh")
    )
    older = meta.zipped(tmp_path / "instagram-ada.fen-2020-01-31-MnOp.zip", meta.export("ada.fen"))
    found = read(other, second, older, first)
    assert [each.name for each in found] == [str(other), f"{first}, {second.name}", str(older)]


def test_two_versions_of_one_export_are_two_sources(tmp_path: Path) -> None:
    paths = [
        meta.zipped(tmp_path / name, meta.export("ada.fen")) for name in ("x.zip", "x (1).zip")
    ]
    assert [each.name for each in read(*paths)] == [str(path) for path in paths]


def test_archives_of_two_accounts_are_not_joined(tmp_path: Path) -> None:
    first = meta.export("ada.fen", "True")
    second = meta.export("bo.marsh")
    found = read(
        meta.zipped(tmp_path / "meta_part_1.zip", first),
        meta.zipped(tmp_path / "meta_part_2.zip", second),
    )
    assert texts(found)[0] == []
    assert len(texts(found)[1]) == 4
    assert {post.author.handle for post in posts(found[1].imported)} == {"bo.marsh"}


def test_a_part_that_could_be_of_two_accounts_is_of_neither(tmp_path: Path) -> None:
    lone = {
        "your_instagram_activity/media/posts_9.json": meta.document([meta.post("whose words?")])
    }
    found = read(
        meta.zipped(tmp_path / "meta_part_1.zip", meta.export("ada.fen")),
        meta.zipped(tmp_path / "meta_part_2.zip", meta.export("bo.marsh")),
        meta.zipped(tmp_path / "meta_part_3.zip", lone),
    )
    assert texts(found)[2] == []


def test_media_with_any_name_belong_to_the_only_export(tmp_path: Path) -> None:
    files = meta.export("ada.fen")
    media = {name: files.pop(name) for name in [*files] if name.startswith("media/")}
    (found,) = read(meta.zipped(tmp_path / "a.zip", files), meta.zipped(tmp_path / "b.zip", media))
    assert len(found.imported.attachments) == 3


def test_media_by_themselves_ask_for_the_other_parts(tmp_path: Path) -> None:
    files = meta.export("ada.fen")
    media = {name: files.pop(name) for name in [*files] if name.startswith("media/")}
    path = meta.zipped(tmp_path / "ada_part_2.zip", media)
    with pytest.raises(SitegenError, match="none of its posts") as caught:
        read(path)
    assert "has your_instagram_activity/" in str(caught.value.hint)
    meta.zipped(tmp_path / "ada_part_1.zip", files)
    with pytest.raises(SitegenError) as caught:
        read(path)
    assert "together with ada_part_1.zip" in str(caught.value.hint)


def test_an_unpacked_part_and_an_archive_beside_it_are_one(tmp_path: Path) -> None:
    files = meta.export("ada.fen")
    media = {name: files.pop(name) for name in [*files] if name.startswith("media/")}
    meta.into(tmp_path / "in" / "ada_part_1", files)
    meta.zipped(tmp_path / "in" / "ada_part_2.zip", media)
    (found,) = read(tmp_path / "in")
    assert len(found.imported.attachments) == 3


def test_unpacked_parts_in_one_folder_are_one(tmp_path: Path) -> None:
    files = meta.export("ada.fen", "True")
    later = {name: files.pop(name) for name in [*files] if "posts_2" in name}
    meta.into(tmp_path / "ada_part_1", files)
    meta.into(tmp_path / "ada_part_2", later)
    assert texts(read(tmp_path)) == [[]]


def test_a_picture_of_another_account_is_never_found(tmp_path: Path) -> None:
    ada, bo = meta.export("ada.fen", "True"), meta.export("bo.marsh", count=1)
    uri = next(name for name in bo if name.startswith("media/posts/"))
    del bo[uri]
    (found,) = read(meta.into(tmp_path, meta.below("ada", ada) | meta.below("bo", bo)))
    assert uri in ada
    assert [m.path for post in posts(found.imported) for m in post.media] == [None]


def test_one_name_for_the_author_is_not_given_to_two_accounts(tmp_path: Path) -> None:
    names = ("instagram-ada.fen-2026-01-31", "instagram-bo.marsh-2026-01-31")
    files: meta.Files = {}
    for second, name in enumerate(names):
        posts_of = meta.document([meta.post(f"words in {name}", second=meta.SECOND + second)])
        files |= meta.below(name, {meta.POSTS: posts_of})
    (found,) = read(meta.into(tmp_path, files), options=Options("ada.fen"))
    authors = {post.text: post.author.handle for post in posts(found.imported)}
    assert authors == {f"words in {names[0]}": "ada.fen", f"words in {names[1]}": "bo.marsh"}


def test_an_older_export_within_another_is_an_export_of_its_own(tmp_path: Path) -> None:
    old = {"caption": "words of 2018", "taken_at": "2018-01-01T00:00:00", "path": "photos/1.jpg"}
    account = {"username": "bo.marsh", "private_account": True}
    files = meta.export("ada.fen", count=1)
    files["old/media.json"] = meta.document({"photos": [old]})
    files["old/profile.json"] = meta.document(account)
    (found,) = read(meta.into(tmp_path, files))
    assert texts((found,)) == [["thread 0 of ada.fen", "words 1 of ada.fen"]]
    assert ("instagram", "bo.marsh") in found.imported.privacy


def test_files_of_no_posts_are_only_counted_wherever_they_are(tmp_path: Path) -> None:
    files = {f"messages/inbox/pal_{n}/message_1.json": b"{}" for n in range(300)}
    files |= {"likes/liked_posts.json": b"{}", "odd/odd.json": b"[]", **meta.export("ada.fen")}
    media = {name: files.pop(name) for name in [*files] if name.startswith(("media/", "odd/"))}
    first, second = meta.below("wrap", files), meta.below("wrap", media)
    (found,) = read(
        meta.zipped(tmp_path / "x_part_1.zip", first),
        meta.zipped(tmp_path / "x_part_2.zip", second),
    )
    assert (len(found.imported.exclusions), len(found.imported.attachments)) == (303, 3)


@given(st.integers(1, 5), st.randoms(use_true_random=False), st.sampled_from(["", "wrapped"]))
def test_an_export_split_in_any_way_is_the_same(
    count: int, shuffle: random.Random, folder: str
) -> None:
    """Wherever the files of an export are: the posts, profiles, pictures and reasons are the same."""
    files = meta.export("ada.fen", count=3)
    parts: list[meta.Files] = [{} for _ in range(count)]
    for name, data in files.items():
        shuffle.choice(parts)[f"{folder}/{name}".lstrip("/")] = data
    with tempfile.TemporaryDirectory() as place:
        top = Path(place)
        paths = [
            meta.zipped(top / f"instagram-ada_part_{number}.zip", part)
            for number, part in enumerate(parts, 1)
            if part
        ]
        shuffle.shuffle(paths)
        (whole,) = read(meta.into(top / "whole", files))
        (found,) = read(*paths)
        assert shown(found.imported) == shown(whole.imported)


@given(
    st.sampled_from(["True", "False", "Maybe", None]),
    st.sampled_from(["True", "False", "Maybe", None]),
    st.permutations(["ada.fen", "bo.marsh"]),
    st.booleans(),
    st.booleans(),
)
def test_two_accounts_of_one_download_never_exchange_a_fact(
    ada: str | None, bo: str | None, order: list[str], has_profiles: bool, is_zip: bool
) -> None:
    """Each account's posts have its own name, picture and privacy, as if it were alone."""
    exports = {"ada.fen": meta.export("ada.fen", ada), "bo.marsh": meta.export("bo.marsh", bo)}
    if not has_profiles:
        del exports["bo.marsh"][meta.PROFILE]
    names = dict(zip(order, ("instagram-a-2026-01-31", "instagram-z-2026-01-31"), strict=True))
    both: meta.Files = {}
    for account in order:
        both |= meta.below(names[account], exports[account])
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder)
        path = meta.zipped(top / "meta.zip", both) if is_zip else meta.into(top / "meta", both)
        (found,) = read(path)
        alone = [
            read(meta.into(top / "alone" / names[a], exports[a]))[0].imported for a in sorted(order)
        ]
        made = shown(found.imported)[0]
        each = [one for imported in alone for one in shown(imported)[0]]
        profiles = [profile for imported in alone for profile in shown(imported)[1]]
        assert sorted(map(repr, shown(found.imported)[1])) == sorted(map(repr, profiles))
        assert sorted(repr(one[1:]) for one in made) == sorted(repr(one[1:]) for one in each)
        assert len({one[0] for one in made}) == len(made)
        assert found.imported.privacy == {**alone[0].privacy, **alone[1].privacy}
        for post in posts(found.imported):
            files = [found.imported.attachments[m.path or ""].open().read() for m in post.media]
            owner = post.text.split(" of ")[1].encode()
            assert all(data.endswith(owner) for data in files)
