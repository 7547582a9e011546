"""Files that a person drops in mend the posts that miss them, and stay with them."""

from __future__ import annotations

import hashlib
import json
from base64 import b32encode
from pathlib import Path

import pytest
from trees import tree

from sitegen.content import content_folder
from sitegen.content import store as stores
from sitegen.content.archive_index import ArchiveIndex
from sitegen.errors import SourceError
from sitegen.ingest import pipeline
from sitegen.media import inbox, media_report, missing
from sitegen.media.inbox import InboxPlan
from sitegen.model import Author, Media, Post, Thread
from sitegen.sources import Options

from .pictures import SECRET, camera_notes, picture, saved

PICTURE = saved(picture(), "PNG")
OTHER = saved(picture(seed=2), "PNG")


class Place:
    """A content folder with a thread a post, and a drop-in folder beside it."""

    def __init__(self, folder: Path) -> None:
        self.content = folder / "content"
        self.inbox = folder / "inbox"
        self.inbox.mkdir()

    def has(self, *media: Media, identity: str = "3ka", network: str = "bluesky") -> None:
        """Store a post with media."""
        post = Post(identity, network, "Look", "2025-02-11", Author("ada.example"), media=media)
        threads = (Thread(identity, network, (post,)),)
        stores.write(stores.merge(ArchiveIndex(self.content), threads, ()))

    def drop(self, name: str, data: bytes = PICTURE) -> None:
        """Put a file into the drop-in folder."""
        path = self.inbox / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)

    def mend(self) -> InboxPlan:
        """Give the files to their posts, in both ways, which must tell the same."""
        before = tree(self.content)
        planned = inbox.plan_inbox(self.content, self.inbox)
        assert tree(self.content) == before
        inbox.write_plan(planned)
        return planned

    def media(self, identity: str = "3ka") -> tuple[Media, ...]:
        """Return the media of a post as content/ has them."""
        posts = [p for t in content_folder.read_archive(self.content) for p in t.posts]
        return next(post.media for post in posts if post.id == identity)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Return an empty archive."""
    return Place(tmp_path)


def stored(data: bytes, extension: str = "png") -> str:
    """Return the path of stored bytes."""
    return f"media/{hashlib.sha256(data).hexdigest()[:32]}.{extension}"


CID = "b" + b32encode(
    b"\x01\x55\x12\x20" + hashlib.sha256(PICTURE).digest()
).decode().lower().strip("=")
NAMES = {
    "its name": ("hill.png", "hill.png"),
    "another case": ("IMG_01.JPG", "img_01.jpg"),
    "composed otherwise": ("caf\u00e9.png", "cafe\u0301.png"),
    "an address": ("https://example.org/a/b/hill%20top.png?size=1#x", "hill top.png"),
    "a path": ("tweets_media/12-Ab.jpg", "12-Ab.jpg"),
    "a path of Windows": ("media\\photos\\hill.jpg", "hill.jpg"),
    "no extension": ("https://example.org/media/AbC?format=png", "abc.png"),
    "another extension": ("hill.heic", "hill.png"),
    "a size": ("https://example.org/media/AbC.jpg:large", "AbC.jpg"),
    "a folder": ("hill.png", "from my old phone/hill.png"),
    "its place": ("hill.png", "3ka-1.PNG"),
    "its place alone": (None, "3ka-1"),
    "a CID": (f"https://example.org/img/{CID}@jpeg", "whatever.png"),
    "the name of a CID": (f"https://example.org/img/{CID}@jpeg", f"{CID}.png"),
    "a digest": (hashlib.sha256(PICTURE).hexdigest() + ".jpg", "whatever.png"),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_dropped_file_is_known_by(name: str, place: Place) -> None:
    origin, dropped = NAMES[name]
    place.has(Media("image", None, "A hill", origin))
    place.drop(dropped)
    done = place.mend()
    assert place.media() == (Media("image", stored(PICTURE), "A hill", origin),)
    assert [(d.name, d.path) for d in done.matches] == [(dropped, stored(PICTURE))]
    assert (done.unused, done.ambiguous, done.refused, done.still_missing) == ((), (), (), ())
    assert (place.inbox / dropped).read_bytes() == PICTURE
    assert (place.content / stored(PICTURE)).read_bytes() == PICTURE


def test_every_post_that_shows_the_same_file_gets_it(place: Place) -> None:
    place.has(Media("image", origin="hill.png"))
    place.has(Media("image", origin="sea.png"), Media("image", origin="hill.png"), identity="3kb")
    place.drop("hill.png")
    done = place.mend()
    assert [(d.media.post, d.media.number) for d in done.matches] == [("3ka", 1), ("3kb", 2)]
    assert [m.suggested_name for m in done.still_missing] == ["sea.png"]
    assert place.media("3kb") == (
        Media("image", origin="sea.png"),
        Media("image", stored(PICTURE), origin="hill.png"),
    )


def test_a_path_whose_file_is_gone_is_mended(place: Place) -> None:
    place.has(Media("image", "media/hill.png", "A hill"))
    assert [m.suggested_name for m in missing.survey_media(place.content).missing] == ["hill.png"]
    place.drop("hill.png")
    place.mend()
    assert place.media() == (Media("image", stored(PICTURE), "A hill"),)
    assert missing.survey_media(place.content).missing == ()


def test_a_name_that_two_pictures_share_is_reported_and_not_guessed(place: Place) -> None:
    place.has(Media("image", origin="https://example.org/1/image.png"))
    place.has(Media("image", origin="https://example.org/2/image.png"), identity="3kb")
    place.drop("image.png")
    found = place.mend()
    (ambiguous,) = found.ambiguous
    assert ambiguous.names == ("image.png",)
    assert [m.exact_name for m in ambiguous.media] == ["3ka-1", "3kb-1"]
    assert (found.matches, found.unused) == ((), ())
    place.drop("3kb-1.png", OTHER)
    place.mend()
    assert (place.media("3ka")[0].path, place.media("3kb")[0].path) == (None, stored(OTHER))
    assert place.mend().matches == ()  # it may still be the other one's


def test_two_files_for_one_picture_are_reported_unless_they_are_equal(place: Place) -> None:
    place.has(Media("image", origin="hill.png"))
    place.drop("a/hill.png")
    place.drop("b/hill.png", OTHER)
    found = place.mend()
    assert [a.names for a in found.ambiguous] == [("a/hill.png", "b/hill.png")]
    assert found.matches == ()
    place.drop("b/hill.png", PICTURE)
    again = place.mend()
    assert [d.name for d in again.matches] == ["a/hill.png"]
    assert again.already_attached == ("b/hill.png",)


def test_files_attached_before_and_unused_files_are_reported(place: Place) -> None:
    place.has(Media("image", origin="hill.png"))
    place.drop("hill.png")
    place.drop("letter.txt", b"Dear Ada")
    place.drop(".DS_Store", b"odd")
    (place.inbox / "link.png").symlink_to(place.inbox / "hill.png")
    assert place.mend().unused == ("letter.txt",)
    after = tree(place.content)
    again = place.mend()
    assert (again.already_attached, again.unused, again.changes) == (
        ("hill.png",),
        ("letter.txt",),
        {},
    )
    assert tree(place.content) == after


def test_a_file_that_is_no_picture_is_refused(place: Place) -> None:
    place.has(Media("image", origin="hill.png"), Media("image", origin="sea.tiff"))
    place.drop("hill.png", b"<html>not found</html>")
    place.drop("sea.tiff", saved(picture(), "TIFF"))
    found = place.mend()
    assert [(m.name, m.reason) for m in found.refused] == [
        ("hill.png", "is no image"),
        ("sea.tiff", "its metadata could not be removed, and it may reveal where it was made"),
    ]
    assert not (place.content / "media").exists()
    assert place.media()[0].path is None


def test_a_dropped_photograph_tells_nothing(place: Place) -> None:
    place.has(Media("image", origin="hill.jpg"))
    place.drop("hill.jpg", saved(picture(), "JPEG", exif=camera_notes()))
    place.mend()
    (path,) = (place.content / "media").iterdir()
    assert SECRET.encode() not in path.read_bytes()


def test_a_file_that_changes_meanwhile_changes_nothing(place: Place) -> None:
    place.has(Media("image", origin="hill.png"))
    place.drop("hill.png")
    planned = inbox.plan_inbox(place.content, place.inbox)
    place.drop("hill.png", OTHER)
    with pytest.raises(SourceError):
        inbox.write_plan(planned)
    assert place.media()[0].path is None


def test_no_folder_is_no_mending(place: Place, tmp_path: Path) -> None:
    place.has(Media("image", origin="hill.png"))
    found = inbox.plan_inbox(place.content, tmp_path / "nowhere")
    assert (found.changes, [m.suggested_name for m in found.still_missing]) == ({}, ["hill.png"])
    assert inbox.plan_inbox(tmp_path / "nowhere", place.inbox).still_missing == ()


LINE = {
    "id": "3ka", "network": "bluesky", "thread": "3ka", "position": 1,
    "author": {"handle": "ada.example", "id": None, "name": None},
    "created_at": "2025-02-11T02:02:00Z", "text": "Look",
    "media": [{"kind": "image", "path": None, "alt": "A hill", "origin": "hill.png"}],
}  # fmt: skip


def imported(place: Place, **fields: object) -> pipeline.Import:
    """Import one post."""
    source = place.inbox.parent / "posts.jsonl"
    source.write_text(json.dumps(LINE | fields) + "\n", "utf-8")
    done = pipeline.plan_import(place.content, (source,), Options())
    pipeline.write_plan(done)
    return done


def test_importing_again_does_not_undo_it(place: Place) -> None:
    imported(place)
    place.drop("hill.png")
    place.mend()
    after = tree(place.content)
    again = imported(place)
    assert tree(place.content) == after
    assert (again.changes.updated, again.changes.conflicts) == ({}, ())
    likes = imported(place, counts={"likes": 3, "reposts": None, "replies": None, "quotes": None})
    assert likes.changes.updated == {}
    assert b",3,,," in next(iter((place.content / "counts").iterdir())).read_bytes()
    assert place.media() == (Media("image", stored(PICTURE), "A hill", "hill.png"),)


def test_a_source_that_has_the_file_now_agrees_with_the_mending(place: Place) -> None:
    imported(place)
    place.drop("hill.png")
    place.mend()
    item = {"kind": "image", "path": stored(PICTURE), "alt": "A hill", "origin": "hill.png"}
    assert imported(place, media=[item]).changes.conflicts == ()
    described = imported(place, media=[item | {"alt": "A green hill"}])
    assert described.changes.conflicts == ()
    assert place.media()[0].alt == "A green hill"


def test_what_lacks_words_is_listed_with_its_place(place: Place) -> None:
    place.has(
        Media("image", origin="hill.png"), Media("image", None, "  "), Media("audio"),
        Media("video", None, "A wave"), Media("file", origin="letter.pdf"),
    )  # fmt: skip
    place.has(Media("image"), identity="3kb")
    hidden = _file_of(place, "3kb")
    hidden.write_text(hidden.read_text("utf-8").replace("---\n\n", "hide: true\n---\n\n"), "utf-8")
    found = missing.survey_media(place.content).without_alt
    assert [(f.post, f.number, f.shown) for f in found] == [
        ("3ka", 1, "hill.png"),
        ("3ka", 2, None),
    ]
    path = _file_of(place, "3ka")
    lines = path.read_text("utf-8").split("\n")
    assert all(f.file == path and '"id": "3ka"' in lines[f.line - 1] for f in found)


def _file_of(place: Place, identity: str) -> Path:
    threads = (place.content / "threads").rglob("*.md")
    return next(p for p in threads if f"post {identity} " in p.read_text("utf-8"))


def test_ids_that_no_file_can_be_called_have_a_name_too(place: Place) -> None:
    identity = "https://social.example/users/ada/statuses/1"
    place.has(Media("image", alt="A hill"), identity=identity, network="mastodon")
    (found,) = missing.survey_media(place.content).missing
    assert found.suggested_name == found.exact_name
    assert "/" not in found.suggested_name
    place.drop(f"{found.suggested_name}.png")
    place.mend()
    assert place.media(identity)[0].path == stored(PICTURE)


def test_the_lines_report_everything(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place.inbox.parent)
    place.has(Media("image", None, "A hill", "hill.png"), Media("image", None, None, "sea.png"))
    place.has(Media("image", origin="x/a.png"), Media("image", origin="y/a.png"), identity="3kb")
    file = _file_of(place, "3ka").relative_to(place.inbox.parent)
    found = missing.survey_media(place.content)
    assert [*media_report.missing_lines(found.missing, place.inbox, 1)] == [
        "missing; put a file of this name into inbox (4):",
        f"  {file}:{found.missing[0].line}: hill.png (A hill)",
        "  … and 3 more",
    ]
    assert [*media_report.without_alt_lines(found.without_alt)][
        1
    ] == f"  {file}:8: sea.png (number 2)"
    place.drop("hill.png")
    place.drop("sea.png", b"no picture")
    place.drop("a.png")
    place.drop("letter.txt", b"Dear Ada")
    assert [*media_report.inbox_lines(place.mend())] == [
        "attached to their posts (1); you may delete these files:",
        f"  hill.png: {file}:8 ({stored(PICTURE)})",
        "ambiguous, so nothing was done (1):",
        "  a.png: rename it to 3kb-1 or 3kb-2, with its extension",
        "cannot be shown (1):",
        "  sea.png: is no image",
        "not needed by any post (1):",
        "  letter.txt",
    ]
    assert [*media_report.inbox_lines(place.mend())][-4:-2] == [
        "already attached (1); you may delete these files:",
        "  hill.png",
    ]


def test_files_that_nothing_names_are_listed(tmp_path: Path) -> None:
    place = Place(tmp_path)
    media = place.content / "media"
    for name in ("a.png", "b b.png", "c.png", "d é.png", "old/e.png", "f.png", ".g.png"):
        (media / name).parent.mkdir(parents=True, exist_ok=True)
        (media / name).write_bytes(PICTURE)
    place.has(Media("image", "media/a.png", "A"), Media("image", "media/b b.png", "B"))
    (place.content / "about.md").write_text("![D](media/d%20%C3%A9.png)\n", "utf-8")
    found = missing.unnamed_files(place.content, ["media/f.png"])
    assert found == ("media/c.png", "media/old/e.png")
    (thread,) = (place.content / "threads").rglob("*.md")
    thread.unlink()
    found = missing.unnamed_files(place.content, [])
    assert found == tuple(
        f"media/{name}" for name in ("a.png", "b b.png", "c.png", "f.png", "old/e.png")
    )
    assert [*media_report.unnamed_lines(found, 1)] == [
        "published, though no post, page or profile names them; delete what nobody is to see (5):",
        "  media/a.png",
        "  … and 4 more",
    ]
