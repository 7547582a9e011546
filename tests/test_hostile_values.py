"""Whatever a text holds, a page shows it: no tag, attribute or element of a feed comes from it."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from english import ENGLISH
from jinja2 import Environment, nodes
from media.pictures import picture, saved
from trees import tree

from sitegen.config import settings as configs
from sitegen.content import store
from sitegen.content.archive_index import ArchiveIndex
from sitegen.model import (
    Author,
    Card,
    Counts,
    Elsewhere,
    Media,
    Poll,
    PollOption,
    Post,
    Profile,
    Thread,
    Version,
)
from sitegen.site import build as builds
from sitegen.site.render.jinja.fragments import Shared
from sitegen.site.render.jinja.templates import Templates
from sitegen.site.render.theme import Theme
from sitegen.site.views import contexts
from sitegen.site.views.contexts import Page

PROJECT = Path(__file__).parent.parent
HOSTILE = """'"><script>alert(1)</script><b onclick=x>&amp;{{ 7 * 7 }}</title></textarea>-->"""
HARMLESS = "x" * len(HOSTILE)
MADE_SAFE: frozenset[tuple[str, str]] = frozenset()  # templates and expressions; there is none


def posts(evil: str) -> Iterator[Post]:
    """Go through posts that have a text wherever a post may have one."""
    url = f"https://far.example/{evil.replace(' ', '')}"
    host = re.sub(r"[\s/<>]", "", evil)  # which no host may have
    ada = Author(f"ada{evil}", "did:ada", f"Ada {evil}")
    media = [
        Media(kind, path, f"Alt {evil}", f"https://far.example/{evil.replace('/', '')}.bin")  # type: ignore[arg-type]
        for kind, path in (
            ("image", "media/a.png"), ("video", "media/b.mp4"), ("audio", "media/c.mp3"),
            ("file", f"media/d{evil.replace('/', '')}.bin"), ("image", None), ("video", None),
            ("image", "media/e.svg"),
        )
    ]  # fmt: skip
    common: dict[str, Any] = {
        "network": f"net{evil}", "author": ada, "created_at": "2024-05-01T10:00:00Z",
        "text": f"Text {evil}", "tags": (f"tag{evil}",), "mentions": (f"bo{evil}",),
        "links": (url,), "cut_links": (f"cut{host}.example/",), "media": tuple(media),
        "card": Card(f"Card {evil}", f"Description {evil}", url), "url": url,
        "poll": Poll((PollOption(f"Yes {evil}", 3), PollOption(f"No {evil}")), f"soon {evil}", 7),
        "langs": (f"en{evil}",), "counts": Counts(1, 2, 3, 4), "uncertain": (f"Doubt {evil}",),
        "edited_at": f"then {evil}", "history": (Version(f"Before {evil}", f"once {evil}"),),
        "also": (Elsewhere("9", url, ada, None, f"other{evil}"),), "visibility": "followers",
        "vanished": True,
    }  # fmt: skip
    around = {
        "reply_to": f"gone{evil}", "repost_of": f"far{evil}", "quote_of": f"away{evil}",
        "elsewhere": (
            Elsewhere(f"gone{evil}", url, ada), Elsewhere(f"far{evil}", url, ada, "blocked"),
            Elsewhere(f"away{evil}", None, Author(None, None, f"Cy {evil}"), "deleted"),
        ),
    }  # fmt: skip
    yield Post(id="1", **common)
    yield Post(id="2", warning=f"Warning {evil}", **common)
    yield Post(id="3", **{**common, **around, "created_at": f"some day {evil}"})
    yield Post(id="4", **{**common, "quote_of": "1", "reply_to": "2", "repost_of": "3"})
    yield Post(id="5", network=common["network"], author=Author(None, None, f"Dee {evil}"))
    yield Post(id="6", network=f"other{evil}", text=f"Text {evil}", warning=f"Warning {evil}")
    yield Post(id="7", network=common["network"], author=Author(ada.handle), text="By handle")
    repost: dict[str, Any] = {
        "repost_of": "away",
        "elsewhere": (Elsewhere("away", url, Author(name=f"Cy {evil}")),),
    }
    yield Post(id="8", network=common["network"], author=ada, text="Again", **repost)
    odd = Card("A card", "", f"https://{host}.example/")
    yield Post(id="9", network=common["network"], author=ada, text=f"A card {evil}", card=odd)


def profile(evil: str) -> Profile:
    """Return an account that has a text wherever one may."""
    url = f"https://far.example/{evil.replace(' ', '')}"
    return Profile(
        "did:ada", f"net{evil}", f"ada{evil}", f"Ada {evil}", f"Bio {evil}", url, "media/a.png",
        None, "media/a.png", url, f"she {evil}", "1", ((f"Label {evil}", f"Text {evil}"),),
        f"Warning {evil}",
    )  # fmt: skip


def built(folder: Path, evil: str) -> dict[str, bytes]:
    """Build a site with a text in all places that have one; return its files."""
    threads = tuple(Thread(post.id, post.network, (post,)) for post in posts(evil))
    first = next(posts(evil))
    more = [Post(f"1{n}", first.network, f"Reply {evil}", author=first.author) for n in range(3)]
    threads = (Thread("1", first.network, (first, *more)), *threads[1:])
    content = folder / "content"
    shown = (profile(evil), Profile("b", f"net{evil}", bio=f"Bio {evil}", followed_by=f"ada{evil}"))
    store.write(store.merge(ArchiveIndex(content), threads, shown))
    quoted = json.dumps(evil)
    named = next(path for path in content.rglob("*.md") if "A card" in path.read_text("utf-8"))
    named.write_text(
        re.sub("(?m)^title: .*$", lambda _: f"title: {quoted}", named.read_text("utf-8")), "utf-8"
    )
    (content / "own.md").write_text(
        f"---\ntitle: {quoted}\ndescription: {quoted}\n---\n\nWords\n", "utf-8"
    )
    (content / "media").mkdir()
    for name in ("b.mp4", "c.mp3", f"d{evil.replace('/', '')}.bin"):
        (content / "media" / name).write_bytes(b"?")
    (content / "media/a.png").write_bytes(saved(picture(), "PNG"))
    (content / "media/e.svg").write_bytes(b'<svg xmlns="http://www.w3.org/2000/svg"/>')
    (folder / "sitegen.toml").write_text(
        f"[site]\ntitle = {quoted}\ndescription = {quoted}\nfooter = {quoted}\n"
        'base_url = "https://ada.example/a&b/"\naccount = "nobody"\n[build]\nthread_size = 2\npage_size = 2\n',
        "utf-8",
    )
    config = configs.load(folder / "sitegen.toml")
    builds.build(config)
    return {n: data for n, data in tree(config.output).items() if not n.startswith("static/")}


class Skeleton(HTMLParser):
    """A page without its words: tags, and the names of their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.bones: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.bones.append(f"<{tag} {' '.join(name for name, _ in attrs)}>")

    def handle_endtag(self, tag: str) -> None:
        """Note the end of one."""
        self.bones.append(f"</{tag}>")


def skeleton(name: str, data: bytes) -> str:
    """Return a file without its words."""
    if name.endswith(".html"):
        return " ".join(Skeleton(data.decode()).bones)
    if name.endswith(".json"):
        items = json.loads(data)["items"]
        return " ".join(" ".join(Skeleton(item["content_html"]).bones) for item in items)
    if name.endswith(".xml"):
        root = ET.fromstring(data)
        inside = [
            " ".join(Skeleton(e.text or "").bones)
            for e in root.iter()
            if "html" in e.attrib.values()
        ]
        return " ".join([*(f"{e.tag} {sorted(e.attrib)}" for e in root.iter()), *inside])
    return ""


def test_a_hostile_text_changes_no_page_but_in_its_words(tmp_path: Path) -> None:
    found = [
        Counter(skeleton(name, data) for name, data in built(tmp_path / kind, evil).items())
        for kind, evil in (("hostile", HOSTILE), ("harmless", HARMLESS))
    ]
    assert sum(found[0].values()) > 40
    assert found[0] - found[1] == Counter()
    assert found[1] - found[0] == Counter()


def test_every_text_reaches_a_page(tmp_path: Path) -> None:
    pages = "".join(
        data.decode() for name, data in built(tmp_path, "zzz").items() if name.endswith(".html")
    )
    for words in ("Ada zzz", "adazzz", "Text zzz", "Alt zzz", "Card zzz", "Description zzz",
                  "Yes zzz", "No zzz", "soon zzz", "Doubt zzz", "then zzz", "Before zzz", "once zzz",
                  "Otherzzz", "Warning zzz", "some day zzz", "Cy zzz", "Bio zzz", "she zzz",
                  "Label zzz", "tagzzz", "bozzz", "Dee zzz"):  # fmt: skip
        assert words in pages, words


def test_addresses_in_a_sitemap_and_in_pages_are_escaped(tmp_path: Path) -> None:
    files = built(tmp_path, "x")
    places = [
        e.text or "" for e in ET.fromstring(files["sitemap.xml"]).iter() if e.tag.endswith("}loc")
    ]
    assert "https://ada.example/a&b/index.html" in places
    assert (
        b'<link rel="canonical" href="https://ada.example/a&amp;b/index.html">'
        in files["index.html"]
    )


@pytest.mark.parametrize("lang", ["zhCn", 'en"><b>', "english", "", "e"])
def test_what_is_no_language_is_no_attribute_of_a_page(tmp_path: Path, lang: str) -> None:
    post = Post("1", "x", "Text", "2024-05-01T10:00:00Z", langs=(lang, "en"))
    other = Post("2", "x", "Text", "2024-05-01T10:00:00Z", langs=("pt_BR",))
    threads = (Thread("1", "x", (post,)), Thread("2", "x", (other,)))
    store.write(store.merge(ArchiveIndex(tmp_path / "content"), threads, ()))
    (tmp_path / "sitegen.toml").write_text("")
    config = configs.load(tmp_path / "sitegen.toml")
    builds.build(config)
    found = {
        value
        for data in tree(config.output).values()
        for value in re.findall(r'<(?:div|p|a)\b[^>]* lang="([^"]*)"', data.decode())
    }
    assert found == {"pt-BR"}


def templates() -> dict[str, Path]:
    """Return all templates of all themes, those of the benchmark too."""
    paths = [
        *PROJECT.glob("themes/*/templates/*"),
        *PROJECT.glob("tests/bench/themes/*/templates/*"),
    ]
    return {path.relative_to(PROJECT).as_posix(): path for path in paths}


@pytest.mark.parametrize("name", templates())
def test_no_template_vouches_for_a_text(name: str) -> None:
    source = templates()[name].read_text("utf-8")
    parsed = Environment(autoescape=True, extensions=[Shared]).parse(source)
    kinds = (
        nodes.Filter,
        nodes.MarkSafe,
        nodes.MarkSafeIfAutoescape,
        nodes.ScopedEvalContextModifier,
    )
    for node in parsed.find_all(kinds):
        is_safe = not isinstance(node, nodes.Filter) or node.name in (
            "safe",
            "forceescape",
            "xmlattr",
        )
        assert not is_safe or (name, ast_of(node)) in MADE_SAFE, f"{name}:{node.lineno}"


def ast_of(node: nodes.Node) -> str:
    """Return an expression as a list of what may be safe has it."""
    return repr(node)


def test_python_vouches_for_html_in_five_places() -> None:
    found = {
        f"{path.relative_to(PROJECT / 'sitegen').as_posix()}: {line.strip()}"
        for path in (PROJECT / "sitegen").rglob("*.py")
        for line in path.read_text("utf-8").split("\n")
        if re.search(r"(?:Markup\(|\(Markup,|Markup\.|__html__)", line)
    }
    assert found == {
        "site/render/renderer.py: return str.__new__(Markup, html)  # faster than Markup(html), which looks for __html__",
        "site/render/jinja/fragments.py: return Markup(fragment.replace(ROOT, page.root) if page else fragment)  # noqa: S704 - a template's output",
        "site/render/jinja/macros.py: return str.__new__(Markup, self.function(*args))  # escaped; Markup() takes twice as long",
        "site/render/template_filters.py: return str.__new__(Markup, language.fill(key, html_pattern(key, count), html))",
        """site/render/template_filters.py: attributes = {"rtl": Markup(' dir="rtl"'), "auto": Markup(' dir="auto"')}""",
        """site/render/template_filters.py: return Markup(f' lang="{escape(tag)}"{direction}')  # noqa: S704 - escaped""",
    }


@pytest.mark.parametrize("ending", ["html", "txt", "svg", "xml", "j2", "inc"])
def test_text_is_escaped_whatever_a_template_is_called(ending: str) -> None:
    part = f"part.{ending}"
    sources = {"page.html": f"{{% include '{part}' %}}", part: "{{ name }}"}
    for page, body in (("page.html", "&lt;b&gt;"), (part, "&lt;b&gt;")):
        made = Templates(Theme({n: Path(n) for n in sources}, sources, {}, ""), {}, ENGLISH)
        value = Page("a.html", page, contexts.EmptyContext(), "a page")
        assert "".join(made.render(value, {"name": "<b>"})) == body
        made.standard_only.add(page)
        assert "".join(made.render(value, {"name": "<b>"})) == body


def test_a_manifest_owns_nothing_outside_of_its_folder(tmp_path: Path) -> None:
    built(tmp_path, "x")
    config = configs.load(tmp_path / "sitegen.toml")
    outside = [tmp_path / "keep.txt", tmp_path / "content/media/a.png", tmp_path / "public-not.txt"]
    for path in outside:
        path.write_text("Dear Ada")
    manifest = config.output / ".sitegen-manifest"
    names = ["../keep.txt", "tag/../../content/media/a.png", str(tmp_path / "public-not.txt")]
    manifest.write_text(manifest.read_text("utf-8") + "\n".join([*names, ""]))
    builds.build(config)
    (config.content / "own.md").unlink()
    builds.build(config)
    assert [path.read_text() for path in outside] == ["Dear Ada"] * 3
