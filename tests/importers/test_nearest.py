"""What is said of a file or folder that no importer claims: the nearest match, and the cure."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from sitegen.cli import reports
from sitegen.errors import SourceError
from sitegen.sources import registry

TWEETS = b'window.YTD.tweets.part0 = [{"tweet": {"id_str": "1", "full_text": "Fog"}}]'
LINE = b'{"id": "1", "network": "x", "text": "Fog"}\n'
Tree = dict[str, bytes]


def zipped(files: Tree) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return data.getvalue()


def refused(path: Path) -> SourceError:
    with pytest.raises(SourceError) as caught:
        registry.detect(path)
    assert caught.value.message == "not a source that sitegen knows"
    return caught.value


def near(path: Path) -> str:
    """Return what is said before what was looked for."""
    hint = refused(path).hint or ""
    assert hint.endswith(".")
    assert "page text" in hint
    return hint.partition("sitegen looked for: ")[0].rstrip()


FILES: dict[str, tuple[bytes, str]] = {
    "one file of an X archive": (
        b"window.YTD.user_link_clicks.part0 = [ ]",
        "this looks like user-link-clicks.js from an X archive: give the folder it is in.",
    ),
    "notes of Misskey": (
        b'[{"id":"9q","text":"Fog","createdAt":"2024-05-05T10:00:00.000Z","fileIds":[],"replyId":null,"renoteId":null,"cw":null,"visibility":"followers"}]',
        "this looks like notes.json of Misskey, which does not say on which server its notes are: save the outbox of the account instead, https://SERVER/users/ID/outbox?page=true and its next pages.",
    ),
    "PDF": (b"%PDF-1.7\n%\xe2", "this looks like a PDF: save the page as HTML or text, or ask the network for an export."),
    "picture": (
        b"\x89PNG\r\n\x1a\n" + bytes(30),
        "this looks like a picture: name the export that its post is in, or put it into inbox/ and run `sitegen media`.",
    ),
    "film": (
        b"\0\0\0\x18ftypmp42" + bytes(30),
        "this looks like a film or a sound: name the export that its post is in, or put it into inbox/ and run `sitegen media`.",
    ),
    "7z": (b"7z\xbc\xaf\x27\x1c\0\x04", "this looks like an archive: unpack it, then name its folder."),
    "WARC": (b"WARC/1.1\r\nWARC-Type: warcinfo\r\n", "this looks like a web archive (WARC): open the page from it, and save that as HTML."),
    "mbox": (
        b"From ada@fen.example Tue Mar  5 08:00:00 2024\nSubject: Export\n",
        "this looks like mail: save what is attached to it, and name that.",
    ),
    "database": (b"SQLite format 3\0" + bytes(99), "this looks like a database: export the posts from the app that wrote it."),
    "content file": (b"---\ntitle: Fog\n---\nFog\n", "this looks like Markdown with front matter: put it into content/ as it is."),
    "actor": (
        b'{"@context": "https://www.w3.org/ns/activitystreams", "id": "https://fen.example/users/ada", "type": "Person"}',
        "this looks like actor.json of a Mastodon export: name the folder that it is in.",
    ),
    "other JSON of Meta": (
        b'[{"title": "", "string_list_data": [{"value": "ada"}]}]',
        "this looks like a file of a Meta download: name the whole download, all its parts together.",
    ),
    "other JSON": (b'{"weather": ["fog"]}', "this looks like JSON, but of no kind that it knows: name the whole export, as it was downloaded."),
    "table": (b"day,place,count\n2024-01-02,fen,3\n", "this looks like a table (CSV): name the archive that it came in, or write JSON lines of it."),
    "XML": (b"<?xml version='1.0'?><kml/>", "this looks like XML or HTML, but no feed and no page with posts."),
    "prose": (b"Fog, mist, and rain.\nAnd fog.\n", "this looks like plain text, but no line of it has a post's date and counts: copy the whole page."),
    "zeros": (bytes(5_000), "this looks like a file that was never written to: download or copy it again."),
    "other bytes": (b"\x7fELF\0\0\x01", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_told_from_how_it_begins(name: str, tmp_path: Path) -> None:
    data, said = FILES[name]
    (tmp_path / "file").write_bytes(data)
    assert near(tmp_path / "file") == said


BUNDLES: dict[str, tuple[Tree, str]] = {
    "only pictures": (
        {"a/1.jpg": b"\xff\xd8\xff", "2.PNG": b"x"},
        "this looks like nothing but media: name the export that the posts are in, or put the files into inbox/ and run `sitegen media`.",
    ),
    "X without tweets": (
        {"data/account.js": b"window.YTD.account.part0 = []", "assets/x.css": b"a"},
        "this looks like an X archive without data/tweets.js: download it again, and name it whole.",
    ),
    "Mastodon without outbox": (
        {"actor.json": b"{}", "avatar.png": b"x", "likes.json": b"{}"},
        "this looks like a Mastodon export without outbox.json: ask for it again, and name it whole.",
    ),
    "Facebook": (
        {"your_facebook_activity/posts/your_posts_1.txt": b"[]"},
        "this looks like a Facebook download, which sitegen does not read.",
    ),
    "blobs": (
        {"blobs/bafkrei" + "a" * 52: b"x"},
        "this looks like the files of a Bluesky account without its repository: name the folder that also has the CAR file.",
    ),
    "document": (
        {"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"},
        "this looks like a document of another program: save it as text or HTML.",
    ),
    "a site": (
        {"sitegen.toml": b"", "content/threads/a.md": b"---\n---\n", "public/feed.json": b'{"version": "https://jsonfeed.org/version/1.1", "items": []}'},
        "this looks like a site of sitegen itself: its posts come out with `sitegen export`.",
    ),
    "nothing known": ({"a.bin": b"\x7fELF\0", "b.bin": b"\0"}, ""),
}  # fmt: skip


@pytest.mark.parametrize("name", BUNDLES)
@pytest.mark.parametrize("kind", ["folder", "ZIP"])
def test_a_bundle_is_told_from_the_names_in_it(name: str, kind: str, tmp_path: Path) -> None:
    files, said = BUNDLES[name]
    path = tmp_path / "bundle"
    if kind == "ZIP":
        path.write_bytes(zipped(files))
    else:
        for file, data in files.items():
            (path / file).parent.mkdir(parents=True, exist_ok=True)
            (path / file).write_bytes(data)
    assert near(path) == said


def test_a_folder_says_which_files_in_it_are_sources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = Path("my-downloads")
    (folder / "old").mkdir(parents=True)
    (folder / "notes.txt").write_text("Fog.\n")
    (folder / "archive.zip").write_bytes(zipped({"data/tweets.js": TWEETS}))
    assert near(folder) == "in it, archive.zip is an X archive: give my-downloads/archive.zip."
    (folder / "old/dump").write_bytes(LINE)  # a name decides nothing
    assert near(folder) == (
        "in it, archive.zip is an X archive, old/dump is JSON lines of posts: "
        "give my-downloads/archive.zip."
    )


def test_an_archive_says_which_archive_in_it_to_unpack(tmp_path: Path) -> None:
    inner = zipped({"data/tweets.js": TWEETS})
    path = tmp_path / "outer.zip"
    path.write_bytes(zipped({"sent/inner.zip": inner}))
    assert near(path) == "it holds sent/inner.zip: unpack this archive, and give it."
    path.write_bytes(zipped({"a.zip": inner, "b.zip": inner, "c.txt": b"c"}))
    assert near(path) == "it holds a.zip and 1 more: unpack this archive, and give them."


def test_a_folder_without_files_says_so(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert near(tmp_path / "empty") == (
        "there is no file in it: name the file that you downloaded."
    )


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("name", FILES)
def test_it_fits_in_twelve_lines_of_a_terminal(name: str, width: int, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(FILES[name][0])
    error = refused(path)
    error.path = "my-downloads/file"
    lines = [*reports.error_lines(error, width)]
    assert 1 < len(lines) <= 12
    assert max(map(len, lines)) <= width
    assert " ".join(line.strip() for line in lines) == str(error)


def test_on_a_narrow_terminal_what_is_nearest_is_not_cut(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(FILES["picture"][0])
    error = refused(path)
    error.path = "file"
    lines = [*reports.error_lines(error, 40)]
    assert len(lines) <= 12
    assert "run `sitegen media`." in " ".join(line.strip() for line in lines)


def test_without_a_terminal_an_error_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"\x7fELF\0")
    error = refused(path)
    assert [*reports.error_lines(error)] == [str(error)]
