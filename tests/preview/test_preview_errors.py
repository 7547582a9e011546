"""What pages are told of errors in a real site, and where the site is under a path."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from preview.serving import PATIENCE, Serving

from sitegen.errors import ContentError, SeveralErrors, UsageError
from sitegen.preview.rebuild import BuildFailure, BuildSuccess, Problem, try_build

THREAD = (
    '---\ntitle: "Fog"\nnetwork: "bluesky"\nid: "{id}"\nposts:\n  - {{"id": "{id}"}}\n---\n\n'
    "<!-- post {post} -->\n\nFog on the moor\n"
)
SETTINGS = '[site]\ntitle = "The moor"\nbase_url = "https://x.example/re%20po"\n'
MISSING = {
    "message": "the text of post 2 is missing",
    "hint": "put back the line <!-- post 2 -->, or delete the post's line too.",
}
MISTAKES: dict[str, tuple[dict[str, str], list[dict[str, str]]]] = {
    "text": (
        {"content/threads/b.md": THREAD.format(id="2", post="3")},
        [{"location": "content/threads/b.md:6", **MISSING}],
    ),
    "two texts": (
        {f"content/threads/{name}.md": THREAD.format(id="2", post="3") for name in "bc"},
        [{"location": f"content/threads/{name}.md:6", **MISSING} for name in "bc"],
    ),
    "settings": (
        {"sitegen.toml": f"{SETTINGS}titel = 1\n"},
        [{
            "location": "sitegen.toml:4",
            "message": "unknown key [site] titel",
            "hint": "did you mean title?",
        }],
    ),
    "template": (
        {"templates/404.html": "\n{% block %}"},
        [{
            "location": "templates/404.html:2",
            "message": "TemplateSyntaxError: expected token 'name', got 'end of statement block'",
            "hint": "correct the template.",
        }],
    ),
}  # fmt: skip


def write(root: Path, files: dict[str, str]) -> None:
    """Write files of the site, as careful editors do: one build is sure to show each."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f"{path.name}.tmp")
        partial.write_text(text, "utf-8")
        partial.replace(path)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return the folder of a site with one thread."""
    write(
        tmp_path,
        {"content/threads/a.md": THREAD.format(id="1", post="1"), "sitegen.toml": SETTINGS},
    )
    (tmp_path / "templates").mkdir()
    return tmp_path


@pytest.fixture
def serve() -> Iterator[Callable[[Path], Serving]]:
    """Return a function that serves a site."""
    started: list[Serving] = []

    def start(root: Path) -> Serving:
        started.append(Serving(root))
        return started[-1]

    yield start
    for serving in started:
        serving.end()


def get(netloc: str, path: str) -> tuple[int, str]:
    """Return the status and the text of a page."""
    connection = http.client.HTTPConnection(netloc, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        reply = connection.getresponse()
        return reply.status, reply.read().decode("utf-8")
    finally:
        connection.close()


def until(
    read_state: Callable[[], dict[str, Any]], problems: list[dict[str, str]]
) -> dict[str, Any]:
    """Wait for the message with these problems: several files may be several builds."""
    while (message := read_state())["problems"] != problems:
        pass
    return message


@pytest.mark.parametrize(
    "kind",
    [k if k in ("text", "template") else pytest.param(k, marks=pytest.mark.slow) for k in MISTAKES],
)
def test_pages_hear_of_each_error_and_of_its_end(
    root: Path, serve: Callable[[Path], Serving], kind: str
) -> None:
    mistakes, problems = MISTAKES[kind]
    before = {name: (root / name).read_text() for name in mistakes if (root / name).exists()}
    serving = serve(root)
    with serving.page() as read_state:
        until(read_state, [])
        good = get(serving.netloc, "/")
        write(root, mistakes)
        until(read_state, problems)
        assert get(serving.netloc, "/") == good
        with serving.page() as opened_later:
            assert opened_later()["problems"] == problems
        for name in mistakes.keys() - before.keys():
            (root / name).unlink()
        write(root, before)
        until(read_state, [])
        assert get(serving.netloc, "/")[0] == 200


def test_a_site_that_starts_with_an_error_says_so_and_gives_way(
    root: Path, serve: Callable[[Path], Serving]
) -> None:
    mistakes, problems = MISTAKES["text"]
    write(root, mistakes)
    serving = serve(root)
    with serving.page() as read_state:
        until(read_state, problems)
        status, text = get(serving.netloc, "/thread/bluesky-1.html")
        assert status == 500
        assert "content/threads/b.md:6: error: the text of post 2 is missing." in text
        assert "&lt;!-- post 2 --&gt;" in text
        (root / "content/threads/b.md").unlink()
        until(read_state, [])
    assert get(serving.netloc, "/thread/bluesky-1.html")[0] == 200


def test_a_warning_is_no_error(root: Path, serve: Callable[[Path], Serving]) -> None:
    serving = serve(root)
    with serving.page() as read_state:
        shown = read_state()["site"]
        write(
            root,
            {"content/about.md": "---\ntitle: About\ntitel: x\n---\n\n![A well](media/none.png)\n"},
        )
        message = read_state()
        assert message["problems"] == []
        assert message["site"] != shown


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/re%20po/", 200),
        ("/re%20po/index.html", 200),
        ("/re%20po/thread/bluesky-1.html", 200),
        ("/re%20po/static/style.css", 200),
        ("/static/style.css", 200),
        ("/re%20po", 307),
        ("/re%20po/a/b/c", 404),
        ("/a/b/c", 404),
        ("/re%20po/re%20po/index.html", 404),
        ("/re%20po/..%2f..%2fsitegen.toml", 404),
    ],
)
def test_a_site_is_also_where_it_will_be_published(
    lasting: Serving, path: str, status: int
) -> None:
    found, text = get(lasting.netloc, path)
    assert found == status
    if status == 404:
        assert 'href="/re%20po/static/style.css' in text


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """Serve one site to the tests that change nothing."""
    root = tmp_path_factory.mktemp("site")
    write(root, {"content/threads/a.md": THREAD.format(id="1", post="1"), "sitegen.toml": SETTINGS})
    serving = Serving(root)
    with serving.page() as read_state:
        read_state()
    yield serving
    serving.end()


def test_media_under_the_path_run_nothing_either(visit: Callable[..., Any], output: Path) -> None:
    (output / "media").mkdir()
    (output / "media/a.svg").write_text("<svg/>", "utf-8")
    outcome = BuildSuccess(output, ("index.html",), (), "/repo/")
    for path in ("/media/a.svg", "/repo/media/a.svg", "/repo/MEDIA/a.svg"):
        reply = visit(outcome, lambda requests, path=path: requests.get(path))
        if reply.status == 200:
            assert reply.headers["content-security-policy"].startswith("sandbox;"), path
    assert visit(outcome, lambda requests: requests.get("/repo/media/a.svg")).status == 200


def test_a_folder_of_the_site_wins_over_the_path_of_that_name(
    visit: Callable[..., Any], output: Path
) -> None:
    outcome = BuildSuccess(output, ("index.html",), (), "/tag/")
    assert "Tags" in visit(outcome, lambda requests: requests.get("/tag/")).text
    assert "teal" in visit(outcome, lambda requests: requests.get("/tag/static/style.css")).text


def test_errors_are_told_one_by_one() -> None:
    def build() -> BuildSuccess:
        raise SeveralErrors(
            [ContentError("no way", path="a.md", line=3, hint="mend it."), UsageError("no site")]
        )

    assert try_build(build) == BuildFailure(
        (Problem("no way", "a.md:3", "mend it."), Problem("no site", "", "")),
        "a.md:3: error: no way. hint: mend it.\nerror: no site.",
    )
