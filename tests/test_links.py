"""Links in a site's folders, which git can carry: nothing outside is written, deleted or read."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_cli import Sitegen, lines, sitegen, write  # noqa: F401 - a fixture
from trees import tree

from sitegen import files, folders, locks
from sitegen.config.schema import Build, Config
from sitegen.errors import OutputError
from sitegen.site.output_folder import MANIFEST
from sitegen.site.pictures import resize

SECRET = "Dear Mara, the key is under the third stone."
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c02"
    "0000000b4944415478da6364600000000600023081d02f0000000049454e44ae426082"
)
POSTS = [
    {
        "id": str(number), "network": "bluesky", "text": f"Fog on day {number} #fog", "tags": ["fog"],
        "created_at": f"2024-0{number}-02T10:00:00Z", "author": {"handle": "ada.example"},
        "media": [{"kind": "image", "path": "media/old/pixel.png"}],
    }
    for number in (1, 2)
]  # fmt: skip


@pytest.fixture
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that is no part of the site."""
    folder = tmp_path_factory.mktemp("outside")
    (folder / "letter.txt").write_text(SECRET)
    return folder


def is_untouched(outside: Path) -> bool:
    """Tell whether nothing outside was written, made or deleted."""
    return tree(outside) == {"letter.txt": SECRET.encode()} and len([*outside.iterdir()]) == 1


def sources() -> None:
    """Write what is imported, with a picture beside it."""
    write("from/posts.jsonl", lines(*POSTS))
    write("from/media/old/pixel.png", PIXEL)


def edit_all() -> None:
    """Change each thread, so that the next import and the next build have all to do."""
    for path in Path("content/threads").rglob("*.md"):
        path.write_text(path.read_text("utf-8").replace("Fog on", "Thick fog on"), "utf-8")


def plant(outside: Path, *, beside: Path) -> None:
    """Put a link at every name that a file or folder may have until it is whole."""
    for number, path in enumerate(sorted(beside.rglob("*"))):
        target = outside / ("letter.txt" if number % 2 else "new")
        for name in (path.name, f".{path.name}"):
            if files.PARTIAL not in name:
                path.with_name(f"{name}{files.PARTIAL}").symlink_to(target)


COMMANDS = (
    ("import", "from/posts.jsonl"), ("build",), ("export", "-o", "posts.jsonl"),
)  # fmt: skip


def test_a_link_at_a_temporary_name_is_not_written_through(
    sitegen: Sitegen,  # noqa: F811
    tmp_path: Path,
    outside: Path,
) -> None:
    sources()
    for command in COMMANDS:
        assert sitegen(*command).code == 0
    for folder in ("public", "content", ".sitegen", "posts.jsonl"):
        plant(outside, beside=tmp_path / folder)
    for name in (".public", "posts.jsonl"):
        (tmp_path / f"{name}{files.PARTIAL}").symlink_to(outside / "letter.txt")
    edit_all()
    Path("content/media/old/pixel.png").unlink()  # so that it comes again
    write("from/posts.jsonl", lines(*[post | {"text": "Sun at last #sun"} for post in POSTS]))
    for command in COMMANDS:
        assert sitegen(*command).code == 0
    assert is_untouched(outside)
    left = [path for path in (tmp_path / "public").rglob("*") if path.is_symlink()]
    assert not left


@pytest.mark.parametrize("name", ["content/.threads", ".public"])
def test_a_link_at_the_temporary_name_of_a_folder_is_not_written_into(
    sitegen: Sitegen,  # noqa: F811
    tmp_path: Path,
    outside: Path,
    name: str,
) -> None:
    sources()
    stage = tmp_path / f"{name}{files.PARTIAL}"
    stage.parent.mkdir(exist_ok=True)
    stage.symlink_to(outside)
    for command in COMMANDS:
        assert sitegen(*command).code == 0
    assert is_untouched(outside)
    assert not os.path.lexists(stage)
    assert len([*Path("content/threads").rglob("*.md")]) == 2


@pytest.mark.parametrize(
    ("folder", "command"),
    [
        ("content/threads/2024", "import"), ("content/media", "import"), ("content/profiles", "import"),
        (".sitegen/ledger", "import"), (".sitegen/STATE", "build"),
    ],
)  # fmt: skip
def test_nothing_is_written_into_a_folder_that_is_a_link(
    sitegen: Sitegen,  # noqa: F811
    tmp_path: Path,
    outside: Path,
    folder: str,
    command: str,
) -> None:
    sources()
    for words in COMMANDS:
        assert sitegen(*words).code == 0
    (state,) = [path.parent for path in (tmp_path / ".sitegen").glob("*/state")]
    place = tmp_path / folder.replace("STATE", state.name)
    folders.remove(place)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(outside)
    done = sitegen(*(COMMANDS[0] if command == "import" else COMMANDS[1]))
    assert done.code == 1
    (problem,) = done.problems()
    assert problem[0] == str(place.relative_to(tmp_path))
    assert "is a link" in problem[1]
    assert is_untouched(outside)


@pytest.mark.parametrize("name", ["content", ".github", ".github/workflows"])
def test_a_new_site_is_not_written_through_a_link(
    sitegen: Sitegen,  # noqa: F811
    tmp_path: Path,
    outside: Path,
    name: str,
) -> None:
    (tmp_path / "moor" / name).parent.mkdir(parents=True)
    (tmp_path / "moor" / name).symlink_to(outside)
    done = sitegen("new", "moor")
    assert done.code == 1
    assert done.problems()[0][:2] == (
        f"moor/{name}",
        "is a link, and nothing is written through links",
    )
    assert is_untouched(outside)


@pytest.mark.parametrize("name", ["sitegen.toml", ".gitignore", "content/about.md"])
def test_a_new_site_does_not_write_where_a_link_leads_to_nothing(
    sitegen: Sitegen,  # noqa: F811
    tmp_path: Path,
    outside: Path,
    name: str,
) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).symlink_to(outside / "new")
    assert f"{name}: exists, unchanged\n" in sitegen("new").out
    assert is_untouched(outside)


@pytest.mark.parametrize("target", ["letter.txt", "new"])
@pytest.mark.parametrize("name", ["lock", "import-lock", ".gitignore"])
def test_a_lock_is_neither_made_nor_held_elsewhere(
    tmp_path: Path, outside: Path, name: str, target: str
) -> None:
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / name).symlink_to(outside / target)
    with locks.hold(tmp_path / "cache/lock", "another"):
        assert is_untouched(outside)


def test_a_root_may_be_a_link_of_a_persons_own(
    sitegen: Sitegen,  # noqa: F811
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    sources()
    for name in ("content", "public", ".sitegen"):
        (elsewhere / name).mkdir()
        (tmp_path / name).symlink_to(elsewhere / name)
    for command in COMMANDS:
        assert sitegen(*command).code == 0
    assert len([*(elsewhere / "content/threads").rglob("*.md")]) == 2
    assert (elsewhere / "public/index.html").is_file()


@pytest.mark.parametrize("command", ["build", "clean"])
@pytest.mark.parametrize("line", ["zz/letter.txt", "zz", "../letter.txt", "zz/../zz/letter.txt"])
def test_a_forged_manifest_deletes_nothing_through_a_link(
    sitegen: Sitegen,  # noqa: F811
    tmp_path: Path,
    outside: Path,
    command: str,
    line: str,
) -> None:
    sources()
    for words in COMMANDS:
        assert sitegen(*words).code == 0
    (tmp_path / "public/zz").symlink_to(outside)
    manifest = tmp_path / "public" / MANIFEST
    manifest.write_text(f"{manifest.read_text()}{line}\n")
    assert sitegen(command).code == 0
    assert is_untouched(outside)
    assert (tmp_path / "public/zz").is_symlink()  # it is not sitegen's either


def test_a_forged_manifest_writes_nothing_through_a_link(
    sitegen: Sitegen,  # noqa: F811
    tmp_path: Path,
    outside: Path,
) -> None:
    sources()
    for words in COMMANDS:
        assert sitegen(*words).code == 0
    folders.remove(tmp_path / "public/tag")
    (tmp_path / "public/tag").symlink_to(outside)
    manifest = tmp_path / "public" / MANIFEST
    manifest.write_text(f"{manifest.read_text()}tag\n")
    done = sitegen("build")
    assert done.code == 1
    assert done.problems()[0][:2] == (
        "public/tag",
        "is not sitegen's, but the site needs this name",
    )
    assert is_untouched(outside)


def test_a_manifest_that_is_no_text_owns_nothing(
    sitegen: Sitegen,  # noqa: F811
    tmp_path: Path,
) -> None:
    sources()
    for words in COMMANDS:
        assert sitegen(*words).code == 0
    manifest = tmp_path / "public" / MANIFEST
    odd = Path(os.fsdecode(os.fsencode(tmp_path / "public") + b"/caf\xe9"))
    odd.write_text("mine")
    manifest.write_bytes(manifest.read_bytes() + b"caf\xe9\n\0\n\n")
    assert sitegen("build").code == 0
    assert sitegen("clean").code == 0
    assert odd.read_text() == "mine"


def test_a_manifest_is_not_read_through_a_link(
    sitegen: Sitegen,  # noqa: F811
    tmp_path: Path,
    outside: Path,
) -> None:
    write("content/about.md", "# About")
    (tmp_path / "public").mkdir()
    (tmp_path / "public" / MANIFEST).symlink_to(outside / "letter.txt")
    for command in ("build", "clean"):
        write(".sitegen/lock", "")
        assert sitegen(command).problems()[0][1] == "has files that sitegen did not make"
    assert is_untouched(outside)


def test_a_link_is_not_copied_into_a_site(tmp_path: Path, outside: Path) -> None:
    (tmp_path / "link.png").symlink_to(outside / "letter.txt")
    with pytest.raises(OSError, match=r"link\.png"):
        files.replace_by_copy(str(tmp_path / "copy.png"), tmp_path / "link.png")
    assert not (tmp_path / "copy.png").exists()


def test_a_folder_does_not_lead_out_of_its_root(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="leads out"):
        folders.create(tmp_path / "a/../../b", tmp_path)
    assert not [*tmp_path.iterdir()]


def modules_with(*words: str) -> Iterator[tuple[Path, str]]:
    """Go through the modules in whose texts one of the words is; to parse all takes long."""
    for path in Path(files.__file__).parent.rglob("*.py"):
        text = path.read_text("utf-8")
        if any(word in text for word in words):
            yield path, text


def test_whoever_writes_files_names_the_root_below_which_there_are_no_links() -> None:
    rootless = []
    for path, text in modules_with("files.write"):
        for node in ast.walk(ast.parse(text)):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            name = f"{ast.unparse(node.func.value)}.{node.func.attr}"
            wanted = {
                "files.write": 3,
                "files.write_each": 2,
                "files.write_pieces": 3,
                "files.write_together": 2,
            }
            if name in wanted and len(node.args) < wanted[name]:
                rootless.append((path.name, ast.unparse(node)))
    call = "files.write_together(_contents(path, form, pieces, describe))"
    assert rootless == [("output_files.py", call)]  # what a person typed


def test_what_a_linked_folder_of_pictures_leads_to_is_not_the_caches(
    sitegen: Sitegen,  # noqa: F811
    tmp_path: Path,
    outside: Path,
) -> None:
    write("content/about.md", "# About")
    (tmp_path / ".sitegen").mkdir()
    (tmp_path / ".sitegen/images").symlink_to(outside)
    assert sitegen("build").code == 0
    assert is_untouched(outside)


def test_a_large_picture_empties_no_file_that_a_link_leads_to(
    tmp_path: Path, outside: Path
) -> None:
    from PIL import Image

    (tmp_path / "content").mkdir()
    Image.new("1", (4000, 2600)).save(tmp_path / "content/large.png")
    (tmp_path / ".sitegen").mkdir()
    (tmp_path / ".sitegen/large-picture").symlink_to(outside / "letter.txt")
    site = Config(root=tmp_path, build=Build(image_widths=(8,)))
    ((path, sized),) = resize.resize_pictures(["large.png"], site, b"mark")
    assert (path, sized.width, len(sized.variants)) == ("large.png", 4000, 1)
    assert is_untouched(outside)


def test_files_are_opened_for_writing_in_few_places() -> None:
    writers = set()
    for path, text in modules_with(".write_text", ".write_bytes", ".open"):
        for node in ast.walk(ast.parse(text)):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            texts = [ast.unparse(argument) for argument in node.args]
            modes = any(ch in text for text in texts for ch in ("'w", "'a", "'x", "+b'", "b+'"))
            if node.func.attr in ("write_text", "write_bytes") or (
                node.func.attr == "open" and modes
            ):
                writers.add(path.name)
    assert writers == {
        "blob_cache.py",
        "downloads.py",
        "decompression.py",
    }  # none of which a link can reach
