"""Requests and answers, without a socket: what is served, what is refused, what is told."""

from __future__ import annotations

import asyncio
import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from sitegen.preview.rebuild import BuildFailure, BuildSuccess, Problem
from sitegen.preview.reload import notice, with_reload
from sitegen.preview.site import Site, State
from sitegen.preview.static_files import locate

Visit = Callable[..., Any]

FAILURE = BuildFailure(
    (Problem("no <b>way</b>", "content/a.md:3", "mend it."),), "content/a.md:3: error: no way."
)


def fetch(visit: Visit, outcome: Any, path: str, **options: Any) -> Any:
    """Return the answer for one address."""
    return visit(outcome, lambda requests: requests.get(path, **options))


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/", 200, "Home"),
        ("/index.html", 200, "Home"),
        ("/thread/1.html", 200, "First: تجربة 試 🙂"),
        ("/thread/1", 200, "First"),
        ("/tag/", 200, "Tags"),
        ("/nowhere", 404, "Nothing here."),
        ("/thread/1.html/", 404, "Nothing here."),
        ("/thread/", 404, "Nothing here."),
        ("//thread/1.html", 404, "Nothing here."),
        ("/" + "x" * 5000, 404, "Nothing here."),
        ("/%0a", 404, "Nothing here."),
        ("/%ed%a0%80", 404, "Nothing here."),
    ],
)
def test_an_address_finds_its_page(
    visit: Visit, built: BuildSuccess, path: str, status: int, words: str
) -> None:
    reply = fetch(visit, built, path)
    assert reply.status == status
    assert words in reply.text
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert reply.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "name", ["می\u200cخواهم", "👩\u200d🚀", "C#", "a b", "100%", "ä", "a\u0308"]
)
def test_any_name_of_a_page_is_found(visit: Visit, built: BuildSuccess, name: str) -> None:
    (built.output / f"{name}.html").write_text(f"This is {name}", "utf-8")
    assert f"This is {name}" in fetch(visit, built, f"/{quote(name)}").text


def test_a_folder_without_its_slash_is_led_to_it(visit: Visit, built: BuildSuccess) -> None:
    reply = fetch(visit, built, "/tag")
    assert (reply.status, reply.headers["location"]) == (307, "/tag/")


def test_only_reading_is_allowed(visit: Visit, built: BuildSuccess) -> None:
    assert fetch(visit, built, "/", method="POST").status == 405
    assert fetch(visit, built, "/", method="HEAD").status == 200


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.css", b"p {}", "text/css; charset=utf-8"),
        ("a.js", b"1", "text/javascript; charset=utf-8"),
        ("a.txt", b"a", "text/plain; charset=utf-8"),
        ("a.svg", b"<svg/>", "image/svg+xml; charset=utf-8"),
        ("a.json", b"{}", "application/json; charset=utf-8"),
        ("a.jsonl", b"{}", "application/jsonl; charset=utf-8"),
        ("sitemap.xml", b"<urlset/>", "application/xml; charset=utf-8"),
        ("feed.atom", b"<feed/>", "application/atom+xml; charset=utf-8"),
        (
            "feed.xml",
            b'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"/>',
            "application/atom+xml; charset=utf-8",
        ),
        (
            "feed.json",
            b'{"version": "https://jsonfeed.org/version/1.1"}',
            "application/feed+json; charset=utf-8",
        ),
        (
            "rss.xml",
            b'<rss xmlns:atom="http://www.w3.org/2005/Atom"/>',
            "application/xml; charset=utf-8",
        ),
        ("a.png", b"\x89PNG", "image/png"),
        ("a.webp", b"RIFF", "image/webp"),
        ("a.woff2", b"wOF2", "font/woff2"),
        ("a.wasm", b"\0asm", "application/wasm"),
        ("CNAME", b"example.org", "application/octet-stream"),
    ],
)
def test_each_file_has_its_type_and_its_bytes(
    visit: Visit, built: BuildSuccess, name: str, content: bytes, kind: str
) -> None:
    (built.output / name).write_bytes(content)
    reply = fetch(visit, built, f"/{name}")
    assert (reply.status, reply.headers["content-type"], reply.body) == (200, kind, content)


POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"


@pytest.mark.parametrize(
    ("name", "kind", "is_saved"),
    [
        ("a.svg", "image/svg+xml", False),
        ("a.png", "image/png", False),
        ("a.mp4", "video/mp4", False),
        ("a.mp3", "audio/mpeg", False),
        ("a.txt", "text/plain; charset=utf-8", True),
        ("a.html", "text/html; charset=utf-8", True),
        ("a.js", "text/javascript; charset=utf-8", True),
        ("a.pdf", "application/pdf", True),
        ('a b; "c".foo', "application/octet-stream", True),
    ],
)
def test_media_run_nothing_and_what_is_no_picture_is_saved(
    visit: Visit, built: BuildSuccess, name: str, kind: str, is_saved: bool
) -> None:
    (built.output / "media").mkdir()
    (built.output / "media" / name).write_bytes(b"</body> <script>alert(1)</script>")
    reply = fetch(visit, built, f"/media/{quote(name)}")
    assert (reply.status, reply.body) == (200, b"</body> <script>alert(1)</script>")
    assert reply.headers["content-type"] == kind
    assert reply.headers["content-security-policy"] == POLICY
    saved = f"attachment; filename*=UTF-8''{quote(name)}" if is_saved else None
    assert reply.headers.get("content-disposition") == saved


@pytest.mark.parametrize(
    "path", ["/", "/thread/1.html", "/nowhere", "/tag", "/a.css", "/a.png", "/media/a.png", "/.sitegen/reload.js"]
)  # fmt: skip
def test_every_answer_is_for_this_site_alone_and_is_what_it_says(
    visit: Visit, built: BuildSuccess, path: str
) -> None:
    (built.output / "media").mkdir()
    for name in ("a.css", "a.png", "media/a.png"):
        (built.output / name).write_bytes(b"a")
    headers = fetch(visit, built, path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"


def test_what_could_not_be_built_is_for_this_site_alone_too(visit: Visit) -> None:
    headers = fetch(visit, FAILURE, "/").headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"


def test_a_film_can_be_wound_forward(visit: Visit, built: BuildSuccess) -> None:
    (built.output / "film.mp4").write_bytes(bytes(range(100)))
    headers = [("host", "localhost"), ("range", "bytes=10-19")]
    reply = fetch(visit, built, "/film.mp4", headers=headers)
    assert (reply.status, reply.body) == (206, bytes(range(10, 20)))


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.html",
        "/thread/../../secret.html",
        "/%2e%2e/secret.html",
        "/..%2fsecret.html",
        "/%2e%2e%2fsecret.html",
        "/%252e%252e/secret.html",
        "/..\\secret.html",
        "/..%5csecret.html",
        "/thread/..%2f..%2fsecret.html",
        "/../site-secret/index.html",
        "/..%2fsite-secret/",
        "/%2e%2e/site-secret/index",
        "/secret.html%00",
        "/index.html%00.png",
        "/link-to-file.html",
        "/link-to-file",
        "/link-to-folder/secret.html",
        "/link-to-folder/",
        "/link-to-sibling/index.html",
        "/link-in-a-circle",
        "//etc/passwd",
        "/%2fetc/passwd",
        "/C:/secret.html",
        "/./../secret.html",
        "/pipe",
    ],
)
def test_nothing_outside_the_output_is_served(visit: Visit, built: BuildSuccess, path: str) -> None:
    site, outside = built.output, built.output.parent
    (outside / "secret.html").write_text("SECRET", "utf-8")
    (outside / "index.html").write_text("SECRET", "utf-8")
    (outside / "site-secret").mkdir()
    (outside / "site-secret/index.html").write_text("SECRET", "utf-8")
    (site / "link-to-file.html").symlink_to(outside / "secret.html")
    (site / "link-to-folder").symlink_to(outside)
    (site / "link-to-sibling").symlink_to(outside / "site-secret")
    (site / "link-in-a-circle").symlink_to(site / "link-in-a-circle")
    os.mkfifo(site / "pipe")
    reply = fetch(visit, built, path)
    assert reply.status == 404
    assert "SECRET" not in reply.text


def test_a_link_within_the_output_is_followed(built: BuildSuccess) -> None:
    (built.output / "again.html").symlink_to(built.output / "index.html")
    found = locate(built.output, "/again")
    assert found
    assert found.file == (built.output / "index.html").resolve()


def test_an_unreadable_file_is_reported(
    visit: Visit, built: BuildSuccess, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Path.read_bytes

    def refuse(file: Path) -> bytes:
        if file.name == "style.css":
            raise PermissionError(13, "Permission denied")
        return read(file)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    reply = fetch(visit, built, "/static/style.css")
    assert (reply.status, reply.text) == (500, "error: Permission denied.\n")


@pytest.mark.parametrize(
    ("asked", "host", "status"),
    [
        ("127.0.0.1", "localhost", 200),
        ("127.0.0.1", "localhost:8000", 200),
        ("127.0.0.1", "LocalHost:1", 200),
        ("127.0.0.1", "127.0.0.1:8000", 200),
        ("127.0.0.1", "[::1]:8000", 200),
        ("127.0.0.1", "evil.example", 421),
        ("127.0.0.1", "evil.example:8000", 421),
        ("127.0.0.1", "localhost.evil.example", 421),
        ("127.0.0.1", "evil.example#localhost", 421),
        ("127.0.0.1", "localhost:8000@evil.example", 421),
        ("127.0.0.1", "192.168.1.5:8000", 421),
        ("127.0.0.1", "", 421),
        ("127.0.0.1", None, 421),
        ("archive.lan", "archive.lan:8000", 200),
        ("archive.lan", "other.lan", 421),
        ("fd00::5", "[fd00::5]:8000", 200),
        ("0.0.0.0", "192.168.1.5:8000", 200),
        ("::", "[fd00::7]:8000", 200),
        ("0.0.0.0", "evil.example:8000", 421),
    ],
)
def test_only_this_machine_s_names_are_answered(
    visit: Visit, built: BuildSuccess, asked: str, host: str | None, status: int
) -> None:
    headers = [] if host is None else [("host", host)]
    reply = visit(built, lambda requests: requests.get("/", headers), host=asked)
    assert reply.status == status
    assert ("Home" in reply.text) == (status == 200)


def test_two_hosts_are_refused_and_the_refusal_says_why(visit: Visit, built: BuildSuccess) -> None:
    headers = [("host", "localhost"), ("host", "evil.example")]
    assert fetch(visit, built, "/", headers=headers).status == 421
    refusal = fetch(visit, built, "/", headers=[("host", "evil.example")])
    assert refusal.text == (
        "error: this preview does not answer to the host 'evil.example'. "
        "hint: it answers to 127.0.0.1, [::1], localhost; `sitegen serve --host NAME` adds a "
        "name.\n"
    )


@pytest.mark.parametrize(
    ("host", "origin", "welcome"),
    [
        ("localhost:8000", "http://localhost:8000", True),
        ("127.0.0.1:8000", "http://127.0.0.1:8000", True),
        ("[::1]:8000", "http://[::1]:8000", True),
        ("localhost:8000", None, True),
        ("localhost:8000", "http://evil.example", False),
        ("localhost:8000", "http://localhost:3000", False),
        ("localhost:8000", "http://localhost:8000.evil.example", False),
        ("localhost:8000", "null", False),
        ("localhost:8000", "", False),
        ("localhost:8000", "file://", False),
        ("evil.example", "http://evil.example", False),
    ],
)
def test_a_socket_is_opened_for_own_pages_only(
    visit: Visit, built: BuildSuccess, host: str, origin: str | None, welcome: bool
) -> None:
    headers = [("host", host)] + ([("origin", origin)] if origin is not None else [])

    async def knock(requests: Any) -> str:
        first = await requests.connect(headers).next()
        return str(first["type"])

    assert visit(built, knock) == ("websocket.accept" if welcome else "websocket.close")


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (b"<body>a</body></html>", b"<body>a@</body></html>"),
        (b"<BODY>a</BODY>", b"<BODY>a@</BODY>"),
        (b"<pre>&lt;/body></pre></body>b</body>", b"<pre>&lt;/body></pre></body>b@</body>"),
        (b"<!doctype html>a", b"<!doctype html>a@"),
        (b"", b"@"),
        (b"\xff\xfe</body>", b"\xff\xfe@</body>"),
    ],
)
def test_the_script_goes_before_the_last_end_of_the_body(html: bytes, expected: bytes) -> None:
    script = b'<script src="/.sitegen/reload.js" defer data-site="a.1"></script>'
    assert with_reload(html, "a.1") == expected.replace(b"@", script)


@pytest.mark.parametrize("path", ["/static/style.css", "/data.json", "/feed.atom"])
def test_only_pages_get_the_script(visit: Visit, built: BuildSuccess, path: str) -> None:
    (built.output / "data.json").write_text('"</body>"', "utf-8")
    (built.output / "feed.atom").write_text("<feed></body></feed>", "utf-8")
    file = built.output / path[1:]
    assert fetch(visit, built, path).body == file.read_bytes()
    assert b"reload.js" in fetch(visit, built, "/").body
    assert b"reload.js" not in (built.output / "index.html").read_bytes()


def test_the_script_itself_is_served(visit: Visit, built: BuildSuccess) -> None:
    reply = fetch(visit, built, "/.sitegen/reload.js")
    assert reply.status == 200
    assert reply.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "WebSocket" in reply.text
    assert fetch(visit, built, "/.sitegen/else").status == 404


def test_a_notice_is_text_only() -> None:
    page = notice("<i>", "</pre><script>alert(1)</script>\ud800", "none").decode()
    assert "<i>" not in page
    assert "<script>" not in page
    assert "&lt;/pre&gt;&lt;script&gt;" in page


def test_a_failed_first_build_is_shown_and_gives_way(visit: Visit, built: BuildSuccess) -> None:
    async def recover(requests: Any) -> tuple[Any, ...]:
        failed = await requests.get("/thread/1")
        socket = requests.connect()
        await socket.next()
        state = json.loads((await socket.next())["text"])
        requests.site.rebuild(lambda: built)
        again = json.loads((await socket.next())["text"])
        return failed, state, again, await requests.get("/thread/1")

    failed, state, again, mended = visit(FAILURE, recover)
    assert (failed.status, mended.status) == (500, 200)
    assert "content/a.md:3: error: no way." in failed.text
    assert f'data-site="{state["site"]}"' in failed.text
    assert state["problems"][0]["message"] == "no <b>way</b>"
    assert again["problems"] == []
    assert again["site"] != state["site"]
    assert f'data-site="{again["site"]}"' in mended.text


def test_a_later_failure_leaves_the_last_good_site(visit: Visit, built: BuildSuccess) -> None:
    async def fail(requests: Any) -> tuple[Any, ...]:
        before = await requests.get("/")
        requests.site.rebuild(lambda: FAILURE)
        during = await requests.get("/")
        message = requests.site.state.message()
        requests.site.rebuild(lambda: BuildSuccess(built.output, (), ()))
        return before, during, message, await requests.get("/"), requests.site.state.message()

    before, during, message, after, mended = visit(built, fail)
    assert before == during == after
    assert json.loads(message)["problems"][0]["location"] == "content/a.md:3"
    assert json.loads(mended)["problems"] == []
    assert json.loads(mended)["site"] == json.loads(message)["site"]


@pytest.mark.parametrize(
    ("changed", "removed", "styles"),
    [
        (("static/style.css",), (), True),
        (("static/style.css", "static/variables.css"), (), True),
        (("static/style.css", "index.html"), (), False),
        (("index.html",), (), False),
        (("static/style.css",), ("thread/1.html",), False),
        ((), ("static/old.css",), False),
    ],
)
def test_only_a_change_of_stylesheets_spares_the_reload(
    changed: tuple[str, ...], removed: tuple[str, ...], styles: bool
) -> None:
    first = State().after(BuildSuccess(Path("site"), ("index.html",), ()))
    state = first.after(BuildSuccess(Path("site"), changed, removed))
    message = json.loads(state.message())
    assert message == {
        "site": state.stamp(),
        "before": first.stamp(),
        "styles": styles,
        "problems": [],
    }
    assert state.stamp() != first.stamp()


def test_a_build_that_changes_nothing_is_no_new_site() -> None:
    first = State().after(BuildSuccess(Path("site"), (), ()))
    assert first.generation == 1
    assert first.after(BuildSuccess(Path("site"), (), ())).stamp() == first.stamp()
    assert first.after(BuildSuccess(Path("elsewhere"), (), ())).stamp() != first.stamp()
    assert State().stamp() != State().stamp()


def test_ten_pages_all_hear_of_a_change(visit: Visit, built: BuildSuccess) -> None:
    async def listen(requests: Any) -> list[Any]:
        sockets = [requests.connect() for _ in range(10)]
        for socket in sockets:
            assert (await socket.next())["type"] == "websocket.accept"
            await socket.next()
        requests.site.rebuild(lambda: BuildSuccess(built.output, ("index.html",), ()))
        states = [json.loads((await socket.next())["text"])["site"] for socket in sockets]
        await sockets[0].leave()
        requests.site.rebuild(lambda: BuildSuccess(built.output, ("index.html",), ()))
        for socket in sockets[1:]:
            await socket.next()
            await socket.leave()
        assert sockets[0].messages.empty()
        await asyncio.sleep(0)
        assert asyncio.all_tasks() == {asyncio.current_task()}
        return states

    states = visit(built, listen)
    assert len(states) == 10
    assert len(set(states)) == 1


def test_nobody_sees_a_site_half_built(visit: Visit, built: BuildSuccess) -> None:
    index, style = built.output / "index.html", built.output / "static/style.css"
    half, go_on = threading.Event(), threading.Event()

    def build() -> BuildSuccess:
        index.write_text("new page", "utf-8")
        half.set()
        assert go_on.wait(10)
        style.write_text("new style", "utf-8")
        return BuildSuccess(built.output, ("index.html", "static/style.css"), ())

    async def read_state(requests: Any) -> tuple[str, str, bool]:
        worker = threading.Thread(target=requests.site.rebuild, args=(build,))
        worker.start()
        assert await asyncio.to_thread(half.wait, 10)
        replies = [asyncio.ensure_future(requests.get(p)) for p in ("/", "/static/style.css")]
        _, waiting = await asyncio.wait(replies, timeout=0.1)
        go_on.set()
        page, css = await asyncio.gather(*replies)
        worker.join()
        return page.text, css.text, len(waiting) == 2

    page, css, both_waited = visit(built, read_state)
    assert both_waited
    assert page.startswith("new page")
    assert css == "new style"


def test_a_build_waits_for_those_who_read(built: BuildSuccess) -> None:
    order: list[str] = []

    async def main() -> None:
        site = Site()
        site.rebuild(lambda: built)

        def read(_: State) -> None:
            worker.start()
            worker.join(0.1)
            order.append("read")

        def build() -> BuildSuccess:
            order.append("built")
            return built

        worker = threading.Thread(target=site.rebuild, args=(build,))
        await site.read_state(read, 1)
        await asyncio.to_thread(worker.join)

    asyncio.run(main())
    assert order == ["read", "built"]


def test_patience_ends_in_a_notice_that_reloads(visit: Visit) -> None:
    async def close(requests: Any) -> Any:
        waiting = asyncio.ensure_future(requests.get("/"))
        await asyncio.sleep(0)
        requests.site.close()
        return await asyncio.wait_for(waiting, 5)

    reply = visit(None, close)
    assert reply.status == 503
    assert 'data-site="none"' in reply.text


def test_look_gives_up_after_its_patience() -> None:
    async def main() -> None:
        await Site().read_state(lambda state: state, 0.01)

    with pytest.raises(TimeoutError):
        asyncio.run(main())


def test_a_page_that_opens_as_a_build_ends_is_notified_once(built: BuildSuccess) -> None:
    async def main() -> int:
        site = Site()
        site.rebuild(lambda: built)  # its news are still on their way to this loop
        with site.subscribe() as messages:
            await asyncio.sleep(0)
            return messages.qsize()

    assert asyncio.run(main()) == 1
