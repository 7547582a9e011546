"""The command line as its user meets it: what it says, where, and with which exit code."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from trees import tree
from version_1 import downgrade

from sitegen import cli, locks
from sitegen.config import settings as configs
from sitegen.site import output_folder

PATIENCE = 60.0
NO_FILE = os.strerror(errno.ENOENT)  # in the words of the system that runs the tests
COMMAND = [sys.executable, "-m", "sitegen"]
LINE = re.compile(r"(?:(?P<place>\S.*?): )?error: (?P<what>.+?)\. hint: (?P<hint>.+)")
PAGE = """Fog on the moor, nothing to see.
15.09.2025 13:24 — 👍 2    🔁 0    💬 0    📌 0
"""
POST = {"id": "1", "network": "bluesky", "text": "Fog", "created_at": "2024-01-02T10:00:00Z"}


@dataclass(frozen=True)
class Done:
    """A command that ended."""

    code: int
    out: str
    err: str

    def problems(self) -> list[tuple[str | None, str, str]]:
        """Return place, fault and cure of every line of stderr, which must have each."""
        assert "Traceback" not in self.err
        found = [LINE.fullmatch(line) for line in self.err.splitlines()]
        assert all(found), self.err
        return [(m["place"], m["what"], m["hint"]) for m in found if m]


Sitegen = Callable[..., Done]


@pytest.fixture
def sitegen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Sitegen:
    """Return a function that runs a command line in the test's folder."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str | Path) -> Done:
        monkeypatch.setattr(sys, "argv", ["sitegen", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            cli.main()
        said = capsys.readouterr()
        code = end.value.code
        return Done(code if isinstance(code, int) else 0, said.out, said.err)

    return run


def write(name: str, data: bytes | str) -> None:
    """Write a file of the test's folder."""
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())


def lines(*posts: dict[str, Any]) -> str:
    """Return posts as JSON lines."""
    return "".join(json.dumps(post) + "\n" for post in posts)


UNKNOWN = "not a source that sitegen knows"
SOURCES: dict[str, tuple[bytes, str, str]] = {
    "empty": (b"", "source", "is empty"),
    "binary": (bytes(range(256)) * 40, "source", UNKNOWN),
    "zeros": (bytes(100_000), "source", UNKNOWN),
    "no statistics line": (b"A text, and another.\n", "source", UNKNOWN),
    "cut off in its first post": (PAGE[:60].encode(), "source", UNKNOWN),
    "cut-off dump": (
        (lines(POST) + lines({**POST, "id": "2"})[:30]).encode(), "source:2", "not a JSON object: ",
    ),
    "page that is not UTF-8": (
        b"caf\xe9\n" + PAGE.encode(), "source:1", "is not UTF-8: byte 0xE9 cannot be here",
    ),
    "dump that is not UTF-8": (
        lines(POST).encode() + b'{"id": "\xff"}', "source:2", "is not UTF-8 (byte 0xff)",
    ),
    "wrong type": (lines({**POST, "text": 3}).encode(), "source:1", '"text" must be a text, not 3'),
}  # fmt: skip


@pytest.mark.parametrize("name", SOURCES)
def test_a_source_that_cannot_be_read_is_named_and_nothing_is_written(
    sitegen: Sitegen, name: str, tmp_path: Path
) -> None:
    data, place, what = SOURCES[name]
    write("source", data)
    before = tree(tmp_path)
    done = sitegen("import", "source")
    assert done.code == 2
    assert done.out == ""
    ((said_place, said_what, _),) = done.problems()
    assert said_place == place
    assert said_what.startswith(what)
    assert tree(tmp_path) == before


@pytest.mark.skipif(sys.platform == "win32", reason="the system has no pseudo-terminals")
def on_terminal(folder: Path, columns: int, *arguments: str) -> tuple[int, list[str]]:
    """Run a command whose output goes to a terminal; return its code and lines."""
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    command = [*COMMAND, *arguments]
    process = subprocess.Popen(command, cwd=folder, stdout=theirs, stderr=theirs)
    code = process.wait(PATIENCE)
    os.close(theirs)
    lines = os.read(ours, 65_536).decode().splitlines()
    os.close(ours)
    return code, lines


def test_errors_are_wrapped_to_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "likes.js").write_bytes(b"window.YTD.like.part0 = []")
    code, lines = on_terminal(tmp_path, 60, "import", "likes.js")
    assert code == 2
    assert lines[:3] == [
        "likes.js: error: not a source that sitegen knows. hint: this",
        "  looks like like.js from an X archive: give the folder it",
        "  is in. sitegen looked for: " + lines[2].partition("for: ")[2],
    ]
    assert len(lines) <= 12
    assert max(map(len, lines)) <= 60


def test_reports_and_warnings_are_wrapped_to_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "content/threads/a.md"
    path.parent.mkdir(parents=True)
    path.write_text(WITH_A_WARNING, "utf-8")
    code, lines = on_terminal(tmp_path, 40, "build")
    assert code == 0
    assert lines[:3] == [
        "warning: content/threads/a.md:6: there",
        "  is no media/gone.png; its description",
        "  is shown instead",
    ]
    assert lines[3].startswith("public: ")
    assert max(map(len, lines)) <= 40


def test_all_sources_that_cannot_be_read_are_named_at_once(
    sitegen: Sitegen, tmp_path: Path
) -> None:
    write("good.txt", PAGE)
    (tmp_path / "folder").mkdir()
    done = sitegen("import", "good.txt", "missing.txt", "folder")
    assert done.code == 2
    assert [problem[:2] for problem in done.problems()] == [
        ("missing.txt", f"cannot be read: {NO_FILE}"),
        ("folder", "not a source that sitegen knows"),
    ]
    assert not (tmp_path / "content").exists()


def without_the_powers_of_root() -> list[str]:
    """Return what to put before a command so that permissions count for it."""
    if os.geteuid() != 0:
        return []
    if not shutil.which("setpriv"):
        pytest.skip("root may read everything, and there is no setpriv")
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]


@pytest.mark.parametrize(
    ("command", "closed", "place", "code"),
    [
        ("import page.txt", "page.txt", "page.txt", 2),
        ("import folder/page.txt", "folder", "folder/page.txt", 2),
        ("import page.txt", "content", "content/.imported/format", 1),
        ("build", "content/threads", "content/threads", 1),
        ("build", "sitegen.toml", "sitegen.toml", 2),
        ("build", ".", ".sitegen/lock", 1),
    ],
)
def test_what_may_not_be_read_or_written_is_named(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    closed: str,
    place: str,
    code: int,
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("page.txt", "folder/page.txt"):
        write(name, PAGE)
    write("content/threads/a.md", "")
    write("sitegen.toml", "")
    run = [*without_the_powers_of_root(), *COMMAND, *command.split()]
    Path(closed).chmod(0o500 if closed == "." else 0)
    try:
        ended = subprocess.run(run, capture_output=True, text=True, timeout=PATIENCE)
    finally:
        Path(closed).chmod(0o700)
    done = Done(ended.returncode, ended.stdout, ended.stderr)
    assert done.code == code, done.err
    assert [problem[0] for problem in done.problems()] == [place]
    assert os.strerror(errno.EACCES) in done.err
    assert done.out == ""


CONFIGS = {
    '[site]\ntitel = "x"\n': ("sitegen.toml:2", "unknown key [site] titel", "did you mean title?"),
    '[sight]\ntitle = "x"\n': ("sitegen.toml:1", "unknown key sight", "did you mean site?"),
    "[build]\npage_size = true\n": (
        "sitegen.toml:2", "[build] page_size must be a whole number, not True", "write it like page_size = 50.",
    ),
    "[site\n": (
        "sitegen.toml:1", "not valid TOML: ", "see https://toml.io.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("command", ["build", "serve", "export", "clean", "import page.txt"])
@pytest.mark.parametrize("text", CONFIGS)
def test_a_broken_config_stops_every_command(
    sitegen: Sitegen, tmp_path: Path, text: str, command: str
) -> None:
    write("sitegen.toml", text)
    write("page.txt", PAGE)
    before = tree(tmp_path)
    done = sitegen(*command.split())
    assert (done.code, done.out) == (2, "")
    place, what, hint = CONFIGS[text]
    ((said_place, said_what, said_hint),) = done.problems()
    assert (said_place, said_hint) == (place, hint)
    assert said_what.startswith(what)
    assert tree(tmp_path) == before


def test_a_config_that_was_asked_for_and_is_missing_is_an_error(sitegen: Sitegen) -> None:
    done = sitegen("build", "--config", "other.toml")
    assert done.code == 2
    assert done.problems() == [("other.toml", "no such file", "check --config.")]


THREAD = '---\ntitle: "Fog"\nnetwork: "bluesky"\nid: "1"\nposts:\n  - {"id": "1"}\n---\n\n<!-- post 1 -->\n\nFog\n'
TWICE = "the post 1 is in content/threads/a.md too"
SITES: dict[str, tuple[dict[str, str], int, str, str]] = {
    "no content": ({"content": ""}, 1, "content", "no such folder"),
    "broken front matter": (
        {"content/threads/b.md": "---\ntitle: [a\n---\n"}, 1, "content/threads/b.md:3", "the front matter is not valid YAML: .*",
    ),
    "two files with one id": ({"content/threads/b.md": THREAD}, 1, "content/threads/b.md", TWICE),
    "missing theme": ({"sitegen.toml": '[theme]\nname = "inc"'}, 2, "sitegen.toml:2", "there is no theme inc"),
    "broken theme.toml": (
        {"sitegen.toml": '[theme]\nname = "own"', "themes/own/theme.toml": "name = ="}, 1, "themes/own/theme.toml:1", "not valid TOML: .*",
    ),
    "broken template": (
        {"templates/thread.html": "\n{% if %}"}, 1, "templates/thread.html:2", "TemplateSyntaxError: .*",
    ),
    "a name that no template knows": (
        {"templates/thread.html": "\n\n{{ nobody }}"}, 1, "templates/thread.html:3",
        r"there is no variable nobody \(while making thread/bluesky-1\.html\)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SITES)
def test_a_site_that_cannot_be_built_says_why_and_leaves_nothing_half(
    sitegen: Sitegen, tmp_path: Path, name: str
) -> None:
    files, code, place, what = SITES[name]
    if "content" not in files:
        for path, text in {"content/threads/a.md": THREAD, **files}.items():
            write(path, text)
    done = sitegen("build")
    assert (done.code, done.out) == (code, "")
    ((where, why, _),) = done.problems()
    assert where == place
    assert re.fullmatch(what, why)
    assert not [path.name for path in tmp_path.iterdir() if "public" in path.name]


def test_every_broken_file_is_named_in_one_go(sitegen: Sitegen) -> None:
    for name in ("a", "b", "c"):
        write(f"content/threads/{name}.md", "---\ntitle: [a\n---\n")
    done = sitegen("build")
    assert [problem[0] for problem in done.problems()] == [
        f"content/threads/{name}.md:3" for name in ("a", "b", "c")
    ]


@pytest.mark.parametrize(
    ("where", "code", "what"),
    [
        ("/", 2, "the output folder .* is not a folder for a site alone"),
        ("~", 2, "the output folder .* is not a folder for a site alone"),
        (".", 2, "the output folder .* holds the source of the site, or is in it"),
        ("..", 2, "the output folder .* holds the source of the site, or is in it"),
        ("content", 2, "the output folder .* holds the source of the site, or is in it"),
        ("content/public", 2, "the output folder .* holds the source of the site, or is in it"),
        ("sitegen.toml", 2, "the output folder .* is not a folder"),
        ("mine", 1, "has files that sitegen did not make"),
        ("repository", 2, "the output folder .* is a git repository"),
        ("static", 2, "the static folder .* contains output"),
        ("templates/x", 2, "the templates folder .* contains output"),
        ("themes", 2, "the themes folder .* contains output"),
    ],
)
def test_a_site_never_goes_where_other_things_are(
    sitegen: Sitegen, tmp_path: Path, where: str, code: int, what: str
) -> None:
    write("content/threads/a.md", THREAD)
    write("sitegen.toml", "")
    write("mine/letter.txt", "Dear Mara")
    write("repository/.git/HEAD", "ref: refs/heads/main")
    before = tree(tmp_path)
    done = sitegen("build", "--output", os.path.expanduser(where))
    assert done.code == code
    assert re.fullmatch(what, done.problems()[0][1])
    after = {name: data for name, data in tree(tmp_path).items() if ".sitegen/" not in name}
    assert after == before


def test_clean_deletes_only_what_sitegen_made(sitegen: Sitegen, tmp_path: Path) -> None:
    write("content/threads/a.md", THREAD)
    write("sitegen.toml", '[paths]\ncache = "shelf"\n')
    write("shelf/letter.txt", "Dear Mara")
    before = tree(tmp_path)
    assert sitegen("build").code == 0
    write("public/notes.txt", "mine")
    done = sitegen("clean")
    said = (
        "deleted sitegen's files in public; kept notes.txt\n"
        "deleted sitegen's files in shelf; kept letter.txt\n"
    )
    assert (done.code, done.out, done.err) == (0, said, "")
    mine = {
        "public/notes.txt": b"mine",
        f"public/{output_folder.MANIFEST}": b"",
        "shelf/.gitignore": b"*\n",
    }
    assert tree(tmp_path) == before | mine
    assert sitegen("clean") == Done(0, "", "")
    assert tree(tmp_path) == before | mine
    assert sitegen("build").code == 0  # it may still write there
    (tmp_path / "public/notes.txt").unlink()
    (tmp_path / "shelf/letter.txt").unlink()
    assert sitegen("clean") == Done(0, "deleted public\ndeleted shelf\n", "")
    assert sitegen("clean", "-q") == Done(0, "", "")


def test_clean_keeps_what_an_import_left_and_says_so(sitegen: Sitegen, tmp_path: Path) -> None:
    write("posts.jsonl", lines(POST))
    assert sitegen("import", "posts.jsonl").code == 0
    ledger = tree(tmp_path / ".sitegen")
    assert sitegen("build").code == 0
    kept = "deleted sitegen's files in .sitegen; kept import-lock, ledger\n"
    assert sitegen("clean") == Done(0, f"deleted public\n{kept}", "")
    assert tree(tmp_path / ".sitegen") == ledger
    assert sitegen("clean") == Done(0, "", "")


def test_clean_leaves_links_of_a_persons_own(sitegen: Sitegen, tmp_path: Path) -> None:
    write("content/threads/a.md", THREAD)
    for name in ("public", ".sitegen"):
        (tmp_path / f"at/{name}").mkdir(parents=True)
        (tmp_path / name).symlink_to(f"at/{name}")
    assert sitegen("build").code == 0
    assert sitegen("clean") == Done(0, "deleted public\ndeleted .sitegen\n", "")
    assert [(tmp_path / name).is_symlink() for name in ("public", ".sitegen")] == [True, True]
    assert sitegen("build").code == 0


def lost(name: str) -> None:
    """Let something happen to a built site."""
    if name == "manifest":
        Path("public", output_folder.MANIFEST).unlink()
    elif name == "all but a page":
        kept = tree(Path("public"))["index.html"]
        shutil.rmtree("public")
        write("public/index.html", kept)
    elif name == "pages":
        shutil.rmtree("public/thread")


@pytest.mark.parametrize("name", ["manifest", "all but a page", "pages"])
def test_whatever_happened_to_a_site_a_message_leads_back(
    sitegen: Sitegen, tmp_path: Path, name: str
) -> None:
    write("content/threads/a.md", THREAD)
    assert sitegen("build").code == 0
    whole = tree(tmp_path / "public")
    lost(name)
    for command in ("build", "clean") if name != "pages" else ():
        ((place, what, hint),) = sitegen(command).problems()
        assert (place, what) == ("public", "has files that sitegen did not make")
        assert "if it holds nothing but a built site, delete it and build again" in hint
    if name != "pages":
        shutil.rmtree("public")  # as it says
    assert sitegen("build").code == 0
    assert tree(tmp_path / "public") == whole


@pytest.mark.parametrize("write_fails", [False, True])
def test_a_site_that_is_deleted_while_it_is_built_can_be_built_again(
    sitegen: Sitegen, tmp_path: Path, write_fails: bool
) -> None:
    write("content/threads/a.md", THREAD)
    assert sitegen("build").code == 0
    whole = tree(tmp_path / "public")
    config = configs.load(None)
    target = output_folder.open_output(config)
    assert target.owned
    with suppress(OSError), target.prepared({*target.owned, "new/page.html"}):
        target.write("new/page.html", b"one")
        shutil.rmtree("public")
        write("public/left.html", "") if write_fails else None
        (tmp_path / "public/new").mkdir(parents=True)
        target.write("new/page.html", b"two")
        if write_fails:
            raise OSError
        target.finish({*target.owned, "new/page.html"})
    assert Path("public", output_folder.MANIFEST).is_file()
    Path("public/left.html").unlink(missing_ok=True)
    assert sitegen("build").code == 0
    assert tree(tmp_path / "public") == whole


def test_clean_deletes_half_a_site_of_a_build_that_was_killed(
    sitegen: Sitegen, tmp_path: Path
) -> None:
    write("content/threads/a.md", THREAD)
    before = tree(tmp_path)
    write(".sitegen/lock", "")
    write(f".public{output_folder.STAGING_SUFFIX}/index.html", "half")
    assert sitegen("clean") == Done(0, "deleted .sitegen\n", "")
    assert tree(tmp_path) == before


@pytest.mark.parametrize("folder", [".", "content", "..", "templates"])
def test_a_cache_that_would_swallow_sources_is_refused(
    sitegen: Sitegen, tmp_path: Path, folder: str
) -> None:
    write("content/threads/a.md", THREAD)
    write("templates/thread.html", "x")
    write("sitegen.toml", f'[paths]\ncache = "{folder}"\n')
    before = tree(tmp_path)
    for command in ("build", "clean"):
        done = sitegen(command)
        assert done.code == 2
        assert "the cache folder" in done.problems()[0][1]
    assert tree(tmp_path) == before


def test_a_busy_site_is_left_alone(sitegen: Sitegen, tmp_path: Path) -> None:
    write("content/threads/a.md", THREAD)
    with output_folder.lock(configs.load(None)):
        for command in ("build", "clean"):
            done = sitegen(command)
            assert done.code == 1
            assert done.problems() == [
                (".sitegen/lock", "another sitegen is running on this site", "wait for it to end.")
            ]
    assert not (tmp_path / "public").exists()


def test_a_port_that_is_taken_is_an_error(sitegen: Sitegen) -> None:
    write("content/threads/a.md", THREAD)
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        done = sitegen("serve", "--port", str(port))
    assert done.code == 1
    assert done.problems()[0][1] == f"port {port} is in use"


@pytest.mark.parametrize(
    ("arguments", "what", "hint"),
    [
        (["bild"], ".*bild.*", r"did you mean 'build'\?"),
        (["build", "--nonsense"], ".*--nonsense.*", "see sitegen build --help."),
        (["build", "more"], ".*more.*", "see sitegen build --help."),
        (["import"], ".*SOURCE.*", "see sitegen import --help."),
        (["serve", "--port", "x"], ".*--port.*", "see sitegen serve --help."),
        (["serve", "--port", "70000"], ".*--port.*", "see sitegen serve --help."),
        (["build", "--output"], ".*--output.*", "see sitegen.* --help."),
        (["build", "--base-url", "here"], "not an address: 'here'", "write it like .*"),
        (["build", "--watch", "--json"], "--json reports one build, but --watch runs many", "omit one of them."),
    ],
)  # fmt: skip
def test_a_command_line_that_cannot_be_meant(
    sitegen: Sitegen, arguments: list[str], what: str, hint: str
) -> None:
    done = sitegen(*arguments)
    assert done.code == 2
    if "--json" in arguments:
        problem = json.loads(done.out)["errors"][0]
        assert done.err == ""
    else:
        problem = dict(zip(("path", "error", "hint"), done.problems()[0], strict=True))
        assert done.out == ""
    assert re.fullmatch(what, problem["error"])
    assert re.fullmatch(hint, problem["hint"])


def test_without_a_command_there_is_help_and_a_code(sitegen: Sitegen) -> None:
    bare, asked = sitegen(), sitegen("--help")
    assert (bare.code, bare.out) == (2, "")
    assert (asked.code, asked.err) == (0, "")
    assert bare.err == asked.out
    for command in ("new", "import", "build", "serve", "export", "clean"):
        assert f"\n  {command} " in asked.out
        assert sitegen(command, "--help").code == 0
    assert sitegen("--version").out.startswith("sitegen ")


def test_import_as_a_person_reads_it(sitegen: Sitegen, tmp_path: Path) -> None:
    write("page.txt", PAGE)
    dry = sitegen("import", "page.txt", "--account", "@keeper.example", "--dry-run")
    assert dry.out.splitlines()[-1] == "dry run: nothing was written"
    assert list(tree(tmp_path)) == ["page.txt"]
    done = sitegen("import", "page.txt", "--account", "@keeper.example")
    note = f"note: a new archive is created in {tmp_path}/content\n"
    assert done == Done(0, dry.out.replace("dry run: nothing was written\n", ""), note)
    assert (dry.err, sitegen("import", "page.txt").err) == ("", "")
    assert done.out == (
        "page.txt: the text of a profile page\n"
        "  1 record = 1 post + 0 exclusions\n"
        "  0 threads of several posts, 1 single post, 1 profile\n"
        "content: 2 new files, 0 updated, 0 as before\n"
    )
    assert "as before" in sitegen("import", "page.txt", "--account", "keeper.example").out


@pytest.mark.parametrize("folder", ["notes", "content/threads/2024", "content"])
def test_no_second_archive_begins_within_a_site(
    sitegen: Sitegen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    write("sitegen.toml", "")
    write("page.txt", PAGE)
    (tmp_path / folder).mkdir(parents=True)
    before = tree(tmp_path)
    monkeypatch.chdir(tmp_path / folder)
    up = os.path.relpath(tmp_path)
    done = sitegen("import", f"{up}/page.txt")
    assert done.code == 2
    assert done.problems() == [
        (
            str(tmp_path / "sitegen.toml"),
            "this folder is inside a site, and is not a site itself",
            f"import there, or with -c {up}/sitegen.toml; `sitegen new` makes it a site.",
        )
    ]
    assert tree(tmp_path) == before
    done = sitegen("import", f"{up}/page.txt", "-c", f"{up}/sitegen.toml")
    assert done.code == 0
    is_new = not folder.startswith("content/threads")
    assert done.err.startswith("note: a new archive is created in ") == is_new
    assert len([*tmp_path.glob("content/threads/2025/*.md")]) == 1
    assert sitegen("new").code == 0
    done = sitegen("import", f"{up}/page.txt")
    assert done.err == f"note: a new archive is created in {tmp_path / folder}/content\n"


@pytest.mark.parametrize(
    "address", ["https://x.com/foo", "HTTP://a.example//b/../c", "at://did:x/y"]
)
def test_an_address_is_named_as_it_was_typed(sitegen: Sitegen, address: str) -> None:
    done = sitegen("import", address)
    assert done.code == 2
    assert done.problems() == [
        (
            address,
            "is a URL, and sitegen does not fetch it",
            "save the page and give that file, or give an export of the account.",
        )
    ]


@pytest.mark.parametrize("command", [("import", "page.txt"), ("media",)])
def test_an_import_that_another_is_in_the_way_of_writes_nothing(
    sitegen: Sitegen, tmp_path: Path, command: tuple[str, ...]
) -> None:
    write("page.txt", PAGE)
    write("inbox/1-1.png", b"picture")
    before = tree(tmp_path)
    with locks.hold(tmp_path / ".sitegen/import-lock", "another import"):
        done = sitegen(*command)
    assert done.code == 1
    ((place, what, hint),) = done.problems()
    assert (place, hint) == (".sitegen/import-lock", "wait for it to end.")
    assert what.endswith("import is running on this site")
    shutil.rmtree(tmp_path / ".sitegen")
    assert tree(tmp_path) == before


def test_import_for_machines_is_one_object(sitegen: Sitegen, tmp_path: Path) -> None:
    write("page.txt", PAGE)
    done = sitegen("import", "page.txt", "--json", "--dry-run")
    report = json.loads(done.out)
    assert (done.code, done.err, done.out.count("\n")) == (0, "", 1)
    assert report["sources"][0]["records"] == report["posts"] == 1
    assert list(tree(tmp_path)) == ["page.txt"]
    write("empty.txt", "")
    failed = sitegen("import", "page.txt", "empty.txt", "nowhere.txt", "--json")
    assert (failed.code, failed.err, failed.out.count("\n")) == (2, "", 1)
    assert json.loads(failed.out) == {
        "errors": [
            {"path": "empty.txt", "line": None, "error": "is empty", "hint": "save or export it again."},
            {"path": "nowhere.txt", "line": None, "error": f"cannot be read: {NO_FILE}", "hint": "check the path."},
        ]
    }  # fmt: skip


def test_build_for_machines_is_one_object(sitegen: Sitegen, tmp_path: Path) -> None:
    write("content/threads/a.md", THREAD)
    done = sitegen("build", "--json", "--base-url", "https://fen.example/moor/")
    report = json.loads(done.out)
    assert (done.code, done.err, done.out.count("\n")) == (0, "", 1)
    assert {"thread/bluesky-1.html", "sitemap.xml"} <= set(report["written"])
    assert (report["posts"], report["threads"], report["output"]) == (1, 1, "public")
    assert report["files"] == len(report["written"])
    write("content/threads/a.md", "---\ntitle: [a\n---\n")
    failed = sitegen("build", "--json")
    assert (failed.code, failed.err, failed.out.count("\n")) == (1, "", 1)
    assert [e["line"] for e in json.loads(failed.out)["errors"]] == [3]


WITH_A_WARNING = THREAD.replace(
    '{"id": "1"}', '{"id": "1", "media": [{"kind": "image", "path": "media/gone.png"}]}'
)


def test_strict_lets_warnings_fail_the_build(sitegen: Sitegen) -> None:
    write("content/threads/a.md", WITH_A_WARNING)
    lenient = sitegen("build")
    assert lenient.code == 0
    (warning,) = lenient.err.splitlines()
    assert warning.startswith("warning: ")
    assert "media/gone.png" in warning
    strict = sitegen("build", "--strict", "-q")
    assert (strict.code, strict.out) == (1, "")
    assert strict.err.splitlines() == [
        warning, "error: 1 warning in a strict build. hint: correct what it names.",
    ]  # fmt: skip
    machine = sitegen("build", "--strict", "--json")
    assert (machine.code, machine.err, machine.out.count("\n")) == (1, "", 1)
    assert json.loads(machine.out)["errors"][0]["error"] == "1 warning in a strict build"
    assert json.loads(machine.out)["warnings"] == [warning.removeprefix("warning: ")]


def test_quiet_says_nothing_of_success(sitegen: Sitegen) -> None:
    write("page.txt", PAGE)
    for command in ("new", "import page.txt", "import page.txt --dry-run", "build", "clean"):
        assert sitegen(*command.split(), "-q") == Done(0, "", ""), command


def test_verbose_names_every_file(sitegen: Sitegen) -> None:
    write("content/threads/a.md", THREAD)
    assert "\n  thread/bluesky-1.html\n" in sitegen("build", "-v").out
    assert "0 written, 0 removed" in sitegen("build", "-v").out


def test_odd_names_and_escapes_neither_break_nor_command_the_terminal(sitegen: Sitegen) -> None:
    name = os.fsdecode(b"pa\xffge\x1b[2J\n.txt")
    write(name, PAGE)
    done = sitegen("import", name, "--dry-run")
    assert done.code == 0
    assert done.out.splitlines()[0] == r"pa\udcffge\x1b[2J\n.txt: the text of a profile page"
    write(name, "")
    assert sitegen("import", name).problems()[0][0] == r"pa\udcffge\x1b[2J\n.txt"
    assert json.loads(sitegen("import", name, "--json").out)["errors"][0]["path"] == name


def test_export_and_import_are_inverse(sitegen: Sitegen, tmp_path: Path) -> None:
    posts = [
        POST,
        {**POST, "id": "2", "text": "\u2028 <!-- post 1 -->\n\U0001f32b fog", "reply_to": "1"},
    ]
    write("posts.jsonl", lines(*posts))
    assert sitegen("import", "posts.jsonl").code == 0
    first = sitegen("export").out
    assert [json.loads(line)["text"] for line in first.split("\n")[:-1]] == [
        p["text"] for p in posts
    ]
    assert sitegen("export", "-o", "deep/er/all.jsonl") == Done(0, "", "")
    assert (tmp_path / "deep/er/all.jsonl").read_bytes() == first.encode()
    shutil.rmtree(tmp_path / "content")
    assert sitegen("import", "deep/er/all.jsonl").code == 0
    assert sitegen("export").out == first


def test_a_new_site_builds_and_is_never_started_twice(sitegen: Sitegen, tmp_path: Path) -> None:
    done = sitegen("new", "moor")
    assert done.code == 0
    assert (
        done.out.splitlines()[-1]
        == "next: cd moor && sitegen import FILE --account HANDLE && sitegen serve"
    )
    assert set(tree(tmp_path)) == {
        "moor/sitegen.toml", "moor/content/about.md", "moor/content/.gitattributes", "moor/.gitignore", "moor/.github/workflows/pages.yml",
    }  # fmt: skip
    built = sitegen("build", "-c", "moor/sitegen.toml", "--strict")
    assert (built.code, built.err) == (0, "")
    assert (tmp_path / "moor/public/about.html").is_file()
    before = tree(tmp_path)
    again = sitegen("new", "moor")
    assert again.code == 2
    assert again.problems() == [
        ("moor/sitegen.toml", "a site exists here already", "choose another folder.")
    ]
    write("file", "")
    assert sitegen("new", "file").problems()[0][1] == "not a folder"
    assert tree(tmp_path) == before | {"file": b""}


def test_a_new_site_leaves_what_is_there(sitegen: Sitegen, tmp_path: Path) -> None:
    write(".gitignore", "mine")
    assert ".gitignore: exists, unchanged\n" in sitegen("new").out
    assert (tmp_path / ".gitignore").read_text() == "mine"


# What only a process can show.


@dataclass
class Process:
    """A running command whose lines are read as they come."""

    process: subprocess.Popen[str]

    def line_with(self, words: str) -> str:
        """Return the next line that has these words; the test's end ends the waiting."""
        assert self.process.stdout
        read = []
        for line in self.process.stdout:
            if words in line:
                return line
            read.append(line)
        raise AssertionError(f"{words!r} never came: {read}")

    def interrupt(self) -> str:
        """Press Ctrl-C and return what was said last; the code must be 130."""
        self.process.send_signal(signal.SIGINT)
        rest, _ = self.process.communicate(timeout=PATIENCE)
        assert self.process.returncode == 130, rest
        return rest


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Process]]:
    """Return a function that starts a command in the test's folder."""
    with_ends: list[tuple[subprocess.Popen[str], threading.Timer]] = []

    def begin(*arguments: str) -> Process:
        process = subprocess.Popen(
            [*COMMAND, *arguments], cwd=tmp_path, text=True, encoding="utf-8",
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        timer = threading.Timer(2 * PATIENCE, process.kill)
        timer.start()
        with_ends.append((process, timer))
        return Process(process)

    yield begin
    for process, timer in with_ends:
        timer.cancel()
        process.kill()
        process.wait(PATIENCE)
        if process.stdout:
            process.stdout.close()


def save(path: Path, text: str) -> None:
    """Save a file as careful editors do: nobody ever sees half of it."""
    partial = path.with_name("new.tmp")
    partial.write_text(text, "utf-8")
    partial.replace(path)


def test_watching_builds_again_on_every_change(
    start: Callable[..., Process], tmp_path: Path
) -> None:
    path, config = tmp_path / "content/threads/a.md", tmp_path / "sitegen.toml"
    path.parent.mkdir(parents=True)
    path.write_text(THREAD, "utf-8")
    other = THREAD.replace('"1"', '"2"').replace("post 1", "post 2")
    path.with_name("b.md").write_text(other, "utf-8")
    page = tmp_path / "public/thread/bluesky-1.html"
    watching = start("build", "--watch")
    first = watching.line_with("written")
    assert not first.startswith("0 files")
    assert "Fog" in page.read_text("utf-8")

    save(path, THREAD.replace("\n\nFog\n", "\n\nStars\n"))
    watching.line_with("a.md changed")
    assert "Stars" in page.read_text("utf-8")

    save(config, "[site]\ntitel = 1\n")
    assert "sitegen.toml:2: error: unknown key [site] titel" in watching.line_with("error")
    save(config, '[site]\ntitle = "Moor"\n')
    watching.line_with("sitegen.toml changed")
    assert "Moor" in page.read_text("utf-8")

    save(path, WITH_A_WARNING)
    assert "media/gone.png" in watching.line_with("warning")
    watching.line_with("a.md changed")
    path.unlink()
    assert "removed" in watching.line_with("a.md changed")
    assert not page.exists()
    assert "Traceback" not in watching.interrupt()


def test_a_quiet_watch_still_tells_what_is_wrong(
    start: Callable[..., Process], tmp_path: Path
) -> None:
    path = tmp_path / "content/threads/a.md"
    path.parent.mkdir(parents=True)
    path.write_text("---\ntitle: [a\n---\n", "utf-8")
    watching = start("build", "--watch", "--quiet", "--strict")
    assert "a.md:3: error: " in watching.line_with("")
    save(path, WITH_A_WARNING)
    assert "gone.png" in watching.line_with("")
    assert watching.line_with("").startswith("error: 1 warning in a strict build")
    save(path, THREAD)
    assert watching.interrupt() == ""


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("import a.jsonl -c pipe", "error: stopped: nothing was written to content/. hint: run the import again.\n"),
        ("import a.jsonl -c pipe --json", json.dumps({"errors": [{"path": None, "line": None, "error": "stopped: nothing was written to content/", "hint": "run the import again."}]}) + "\n"),
        ("build -c pipe", "error: stopped: the site is unchanged. hint: build again.\n"),
        ("export -c pipe", ""),
    ],
)  # fmt: skip
def test_ctrl_c_ends_at_once_and_leaves_nothing_half(
    start: Callable[..., Process], tmp_path: Path, command: str, said: str
) -> None:
    thread = tmp_path / "content/threads/a.md"
    thread.parent.mkdir(parents=True)
    thread.write_text(THREAD, "utf-8")
    before = tree(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    process = start(*command.split())
    with (tmp_path / "pipe").open("wb"):  # opens when the command does: it now waits for bytes
        assert process.interrupt() == said
    (tmp_path / "pipe").unlink()
    assert {k: v for k, v in tree(tmp_path).items() if ".sitegen/" not in k} == before


def test_ctrl_c_ends_a_preview(start: Callable[..., Process], tmp_path: Path) -> None:
    path = tmp_path / "content/threads/a.md"
    path.parent.mkdir(parents=True)
    path.write_text(THREAD, "utf-8")
    preview = start("serve", "--port", "0")
    preview.line_with("written")
    assert "Traceback" not in preview.interrupt()


@pytest.mark.parametrize(
    "command",
    [
        "--help",
        "build -v",
        *(pytest.param(c, marks=pytest.mark.slow) for c in ("export", "import -v posts.jsonl")),
    ],
)
def test_a_reader_who_leaves_early_meets_no_traceback(
    sitegen: Sitegen, tmp_path: Path, command: str
) -> None:
    write("posts.jsonl", lines(*({**POST, "id": str(n)} for n in range(300))))
    sitegen("import", "posts.jsonl")
    process = subprocess.Popen(
        [*COMMAND, *command.split()], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout
    process.stdout.close()
    _, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err) == (1, b"")


@pytest.mark.parametrize("stream", ["1", "2"])
def test_a_command_runs_without_a_stream(sitegen: Sitegen, tmp_path: Path, stream: str) -> None:
    write("posts.jsonl", lines(POST))
    sitegen("import", "posts.jsonl")
    without = ["sh", "-c", f'exec "$@" {stream}>&-', "sh"]
    ended = subprocess.run([*without, *COMMAND, "build"], capture_output=True, timeout=PATIENCE)
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert Path("public/index.html").is_file()


@pytest.mark.parametrize("arguments", [["--help"], ["build", "--help"], ["--version"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    heavy = ["jinja2", "markdown", "nh3", "regex", "ftfy", "yaml", "starlette", "uvicorn",
             "watchdog", "websockets", "rich", "asyncio", "multiprocessing"]  # fmt: skip
    heavy += ["pydantic"] * (arguments == ["--help"])  # Typer's own, for a command's options
    code = (
        "import sys; from sitegen import cli; sys.argv[0] = 'sitegen'\n"
        "try: cli.main()\n"
        f"finally: print([m for m in {heavy!r} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=PATIENCE
    )
    assert (done.returncode, done.stderr) == (0, "[]\n")


@pytest.mark.slow
def test_help_is_as_quick_as_twice_the_import_of_jinja2() -> None:
    def seconds(*arguments: str) -> float:
        """Return the processor's time, which passes only while the program runs."""
        before = os.times()
        subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True)
        after = os.times()
        return (
            after.children_user
            + after.children_system
            - before.children_user
            - before.children_system
        )

    rounds = [
        (seconds("-c", "import jinja2"), seconds("-m", "sitegen", "--help")) for _ in range(20)
    ]
    bar, help_ = (sorted(times)[10] for times in zip(*rounds, strict=True))
    assert help_ <= 2 * bar


def test_the_command_converts_and_refuses_a_newer_format(sitegen: Sitegen, tmp_path: Path) -> None:
    write("posts.jsonl", '{"id": "3ka", "network": "bluesky", "text": "One"}\n')
    assert sitegen("import", "posts.jsonl").code == 0
    downgrade(tmp_path / "content")
    assert sitegen("convert").out == "content/: 1 file converted\n"
    assert sitegen("convert").out == "content/: 0 files converted\n"
    (tmp_path / "content/.imported/format").write_text("3\n")
    done = sitegen("convert")
    assert done.code == 1
    assert "a newer sitegen wrote this" in done.err


def test_an_export_has_what_matches_a_query(sitegen: Sitegen) -> None:
    write(
        "posts.jsonl", lines(POST, {**POST, "id": "2", "text": "Mist", "created_at": "2025-01-02"})
    )
    assert sitegen("import", "posts.jsonl").code == 0
    for options in (
        ("--query", "mist"),
        ("--since", "2025-01-02"),
        ("--query", "", "--since", "2025"),
    ):
        assert [
            json.loads(line)["id"] for line in sitegen("export", *options).out.splitlines()
        ] == ["2"]
    assert sitegen("export", "--query", "has:photo") == Done(
        2, "", "error: --query: has: cannot be 'photo', at character 1."
        " hint: write one of image, video, audio, link, poll, warning, alt.\n"
    )  # fmt: skip


def test_an_export_into_a_folder_asks_for_a_file_name(sitegen: Sitegen) -> None:
    write("content/about.md", "# About")
    done = sitegen("export", "-o", "content")
    assert done.code == 2
    assert done.problems()[0][:2] == ("content", "is a folder")


def test_deleted_posts_are_not_taken_back_and_left_out_at_once(sitegen: Sitegen) -> None:
    write("a.jsonl", lines({"id": "1", "network": "x", "text": "Fog"}))
    done = sitegen("import", "a.jsonl", "--restore", "--accept-deletions")
    what = "--restore takes deleted posts back, and --accept-deletions leaves them out"
    assert (done.code, done.problems()) == (2, [(None, what, "leave one of them out.")])
