"""Write the reference of themes from the code: `python -m tests.theme_reference`.

The page is `docs/theme-reference.md`. What templates receive comes from the types and docstrings of
`sitegen.site.views`: a sentence of a docstring that begins with the name of a field describes that
field. Blocks, macros and CSS variables come from the comments of the default theme, and what its
classes are from `theme_classes.toml`. The same code always gives the same bytes.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cached_property
from inspect import cleandoc, isfunction, signature
from pathlib import Path
from types import NoneType, SimpleNamespace, UnionType
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

from sitegen import model
from sitegen.config.schema import Config
from sitegen.languages import site_language
from sitegen.site.parsing.file_reader import Reader
from sitegen.site.render import post_pages
from sitegen.site.render import theme as themes
from sitegen.site.render.renderer import Renderer
from sitegen.site.views import (
    contexts,
    links,
    listing_values,
    page_refs,
    pictures,
    template_values,
)
from sitegen.site.views.collections import contexts as collection_contexts
from sitegen.site.views.contexts import Page
from sitegen.site.views.dates import contexts as date_contexts
from sitegen.site.views.dates import values as date_values
from sitegen.site.views.insights import contexts as insights_contexts
from sitegen.site.views.insights import values as insights_values
from sitegen.site.views.search import contexts as search_contexts
from sitegen.site.views.summary import Entry
from sitegen.site.views.topics import contexts as topic_contexts
from sitegen.site.views.topics import values as topic_values

PROJECT = Path(__file__).parent.parent
REFERENCE = PROJECT / "docs" / "theme-reference.md"
THEME = PROJECT / "themes" / "default"

# Each template with the class whose fields are its variables.
CONTEXTS: dict[str, type[Any]] = {
    "index.html": contexts.IndexContext,
    "older.html": contexts.IndexContext,
    "kind.html": contexts.KindContext,
    "pictures.html": contexts.AlbumContext,
    "thread.html": contexts.ThreadContext,
    "post.html": post_pages.PostInThread,
    "moved.html": contexts.RedirectContext,
    "document.html": contexts.DocumentContext,
    "documents.html": contexts.DocumentsContext,
    "tags.html": contexts.TagsContext,
    "tag.html": contexts.TagContext,
    "profiles.html": contexts.ProfilesContext,
    "profile.html": contexts.ProfileContext,
    "dates.html": date_contexts.YearsContext,
    "year.html": date_contexts.YearContext,
    "month.html": date_contexts.MonthContext,
    "days.html": date_contexts.DaysContext,
    "day.html": date_contexts.DayContext,
    "undated.html": date_contexts.UndatedContext,
    "people.html": contexts.PeopleContext,
    "person.html": contexts.PersonContext,
    "hosts.html": contexts.HostsContext,
    "host.html": contexts.HostContext,
    "collections.html": collection_contexts.CollectionsContext,
    "collection.html": collection_contexts.CollectionContext,
    "insights.html": insights_contexts.InsightsContext,
    "topics.html": topic_contexts.TopicsContext,
    "topic.html": topic_contexts.TopicContext,
    "404.html": contexts.EmptyContext,
    "search.html": search_contexts.SearchContext,
}
VALUES: tuple[type[Any], ...] = (
    template_values.SiteView, Page, links.Link, links.Feed, template_values.ThreadView,
    template_values.PostView, model.Post, model.Media, pictures.Picture, model.Card, model.Poll,
    model.PollOption, model.Counts, model.Version, template_values.Quoted, model.Elsewhere, model.Author, links.Writer,
    Entry, page_refs.Quoter, links.Tag, template_values.ProfileView, model.Profile,
    template_values.PersonCard, template_values.Credit, template_values.Document, listing_values.Pager,
    listing_values.ThreadPager, listing_values.Totals, date_values.Year, date_values.Month, date_values.Day,
    date_values.DayOfYear, date_values.Group, date_values.Dates,
    listing_values.Person, listing_values.Host, listing_values.Tab, pictures.Thumbnails,
    pictures.Thumbnail, pictures.AlbumPicture, listing_values.Directory,
    insights_values.Chart, insights_values.Table, insights_values.Column, insights_values.Row,
    insights_values.Columns, insights_values.Series, insights_values.Period, insights_values.Plot,
    insights_values.Circle, insights_values.Line, insights_values.Tick,
    collection_contexts.CollectionView, topic_values.TopicView, topic_values.YearBar,
    topic_values.KindPart, topic_values.TopicGroup, topic_values.MapWord, topic_values.HeldBack,
)  # fmt: skip
# References that become what templates see before a page is rendered.
LOADED: dict[type[Any], Any] = {
    page_refs.ThreadPart: template_values.ThreadView,
    page_refs.EntryRefs: tuple[Entry, ...],
    pictures.PictureRefs: tuple[pictures.AlbumPicture, ...],
}
# Fields that are no concern of templates: what sitegen plans and caches with.
INTERNAL: dict[str, set[str]] = {
    "Page": {"template", "context", "claim", "base"},
    "ThreadView": {"entry", "read", "page_size"},
    "PostView": {"tag_keys", "targets"},
    "ProfileView": {"targets"},
    "Post": {"author", "reply_to", "repost_of", "quote_of", "elsewhere", "facets", "extra"},
    "Entry": {
        "source", "when", "replies", "liked", "post_ids", "former_ids", "tag_names", "root_author", "others", "authors",
        "mentions", "hosts", "quotes", "media_paths", "named_media", "hidden_media", "hidden_ids",
        "previews", "descriptions", "with_thumbnails", "stated_kinds", "warnings", "has_same_placement",
        "names_language", "references", "quotations", "page_breaks", "steps", "units", "line_units", "matches", "topics", "hour", "received",
    },
    "Elsewhere": {"id"},
    "Document": {"source", "body", "nav", "warnings", "template", "own", "references", "targets"},
    "SiteView": {"credits"},
    "Credit": {"account", "name", "path"},
    "Profile": {"pinned"},
}  # fmt: skip
PLAIN = {
    bytes: "bytes",
    str: "text",
    int: "number",
    float: "number",
    bool: "true or false",
    Any: "any value",
}
CLASSES = Path(__file__).parent / "theme_classes.toml"
CODE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
CLASS_ATTRIBUTE = re.compile(rf'\bclass="((?:{CODE.pattern}|[^"])*)"')
NOT_A_NAME = r"(?=[\s,;:.(]|$)"
SUBJECT = re.compile(r"`(\w+)`(?: \([^)]*\))?(?:,? (?:and )?|" + NOT_A_NAME + ")")
HEAD = """\
<!-- Generated by `python -m tests.theme_reference`; a test compares. -->

# Theme reference

What templates receive, and what a theme can change. [Themes](themes.md) begins with examples.

- [Templates](#templates) and their variables
- [Values](#values) of these variables
- [Blocks](#blocks)
- [Filters and tags](#filters-and-tags)
- [Macros](#macros) of `parts.html` and `charts.html`
- [CSS variables](#css-variables)
- [CSS classes](#css-classes)

A *site path* is the address of a page or a file within the site, such as `tag/fog.html`. The filter `href` makes it a link. All texts are
plain; a template escapes them by itself. Values cannot be changed, and there is no clock, so the same content gives the same bytes.
"""


class Field(NamedTuple):
    """A field of a value as the reference shows it."""

    name: str
    type: str
    text: str


def reference() -> str:
    """Return the whole reference."""
    parts = (
        HEAD,
        *_templates(),
        *_values(),
        *_blocks(),
        *_filters(),
        *_macros(),
        *_variables(),
        *_classes(),
    )
    return "\n".join(parts)


def fields(kind: type[Any]) -> list[Field]:
    """Return the documented fields, properties and methods of a class."""
    internal = INTERNAL.get(kind.__name__, set())
    described = descriptions(kind)
    hints = get_type_hints(kind)
    found = [
        Field(name, type_name(hints[name]), described.get(name, ""))
        for name in kind.__struct_fields__
        if name not in internal
    ]
    return found + [f for f in _members(kind) if f.name.partition("(")[0] not in internal]


def _members(kind: type[Any]) -> Iterator[Field]:
    """Go through the public properties and methods of a class."""
    for owner in reversed(kind.__mro__):
        for name, member in vars(owner).items():
            if name.startswith("_") or not owner.__module__.startswith("sitegen."):
                continue
            if isinstance(member, property | cached_property):
                function = member.fget if isinstance(member, property) else member.func
                kind_name = type_name(get_type_hints(function)["return"])
                yield Field(name, kind_name, _sentence(member.__doc__ or ""))
            elif isfunction(member):
                arguments = ", ".join([*signature(member).parameters][1:])
                kind_name = type_name(get_type_hints(member)["return"])
                yield Field(f"{name}({arguments})", kind_name, _sentence(member.__doc__ or ""))


def descriptions(kind: type[Any]) -> dict[str, str]:
    """Return what the docstrings of a class and its bases say of each field."""
    found: dict[str, str] = {}
    for owner in reversed(kind.__mro__):
        for sentence in _sentences(owner) if owner.__module__.startswith("sitegen.") else ():
            names, rest = _subjects(sentence)
            for name in names:
                found[name] = rest if len(names) == 1 else sentence.rstrip(".;")
    return found


def summary_of(kind: type[Any]) -> str:
    """Return a class's docstring without the sentences about single fields."""
    return " ".join(s for s in _sentences(kind) if not _subjects(s)[0])


def _sentences(kind: type[Any]) -> list[str]:
    text = " ".join(cleandoc(kind.__doc__ or "").split())
    return [s[0].upper() + s[1:] for s in re.split(r"(?<=[.;]) (?=`\w+`)|(?<=\.) (?=[A-Z])", text)]


def _subjects(sentence: str) -> tuple[list[str], str]:
    """Return the fields that a sentence begins with, and the rest of it."""
    names, at = [], 0
    while match := SUBJECT.match(sentence, at):
        names.append(match[1])
        at = match.end()
    return names, _plain(sentence[at:].strip())


def _plain(text: str) -> str:
    """Return words of Python as templates write them, without the end of the sentence."""
    text = re.sub(r"^(?:is|are) (?!None)|^has (?!no )", "", text.rstrip(".;"))
    text = re.sub(r"^says (?:that|whether)\b", "whether", text)
    return re.sub(r"\bNone\b", "none", text)


def _sentence(doc: str) -> str:
    """Return the first paragraph of a docstring without its end."""
    first = " ".join(cleandoc(doc).split("\n\n")[0].split()).rstrip(".")
    text = re.sub(r"\bNone\b", "none", first.removeprefix("Return "))
    return text[:1].lower() + text[1:]


def type_name(kind: Any) -> str:
    """Return a type in words; a value that the page describes as a link."""
    kind = LOADED.get(kind, kind)
    if kind in PLAIN:
        return PLAIN[kind]
    if kind is NoneType:
        return "none"
    if kind in VALUES:
        return f"[{kind.__name__}](#{kind.__name__.lower()})"
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        return " or ".join(f"`{value}`" for value in arguments)
    if origin in (Union, UnionType):
        return " or ".join(type_name(each) for each in arguments)
    if origin is tuple and arguments[-1] is Ellipsis:
        return f"list of {type_name(arguments[0])}"
    if origin is tuple:
        return f"({', '.join(type_name(each) for each in arguments)})"
    if origin is Mapping or getattr(origin, "__name__", "") == "Mapping":
        return f"mapping of {type_name(arguments[0])} to {type_name(arguments[1])}"
    raise TypeError(f"no words for {kind}")


def _table(rows: list[Field]) -> str:
    lines = [f"| `{row.name}` | {row.type} | {_cell(row.text)} |" for row in rows]
    return "\n".join(["| Name | Type | |", "|---|---|---|", *lines, ""])


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _templates() -> Iterator[str]:
    yield "## Templates\n"
    yield (
        "Every template receives `site`, a [SiteView](#siteview), and `page`, a [Page](#page). The table has what each receives "
        "besides. A page\nwith `template:` in its front matter receives what `document.html` does. `base.html` is the frame of all "
        "but the\nredirect `moved.html`, and `parts.html` and `charts.html` have [macros](#macros).\n"
    )
    for template, kind in CONTEXTS.items():
        yield f"### {template}\n"
        yield f"{_plain(summary_of(kind))}.\n"
        if rows := fields(kind):
            yield _table(rows)


def _values() -> Iterator[str]:
    yield "## Values\n"
    for kind in VALUES:
        if rows := fields(kind):
            yield f"### {kind.__name__}\n"
            yield f"{_plain(summary_of(kind))}.\n"
            yield _table(rows)


def _blocks() -> Iterator[str]:
    yield "## Blocks\n"
    yield (
        "A template that extends another fills blocks of it. The blocks of `base.html` are those of every page that extends it; the "
        "others are within\n`main`, in their order. `older.html` extends `index.html` and so has its blocks.\n"
    )
    yield "| Block | In | |\n|---|---|---|"
    for template, found in all_blocks().items():
        for name, text in found.items():
            yield f"| `{name}` | `{template}` | {_cell(text)} |"
    yield ""


def all_blocks() -> dict[str, dict[str, str]]:
    """Return the blocks of each template that no template has which it extends."""
    base = blocks("base.html")
    inherited = base.keys() | blocks("index.html").keys()
    known = {"index.html": base.keys(), "older.html": inherited}
    return {"base.html": base} | {
        template: {n: t for n, t in blocks(template).items() if n not in known.get(template, base)}
        for template in CONTEXTS
    }


def blocks(template: str) -> dict[str, str]:
    """Return the blocks of a template with the comment before each; "" without one."""
    text = (THEME / "templates" / template).read_text("utf-8")
    found = re.findall(r"(?:\{# ([^#]*?)\.? #\}\n?)?\{% block (\w+) %\}", text)
    return {name: comment for comment, name in found}


# An expression for each filter, and what it gives on the page `thread/bluesky-3ka.html`.
EXAMPLES = {
    "href": '"tag/fog.html" | href(page)',
    "near": '"thread/bluesky-3kb.html" | near(page)',
    "absolute": '"tag/fog.html" | absolute(site)',
    "host": '"https://www.moor.example/fog" | host',
    "file_name": '"https://moor.example/fog.png?large" | file_name',
    "joined": '["2 likes", "", "1 reply"] | joined(" · ")',
    "t": '"count.threads" | t(count=1200)',
    "number": "1200 | number",
    "day": '"2025-09-05T22:41:00Z" | day',
    "short_day": '"2025-09-05T22:41:00Z" | short_day',
    "time": '"2025-09-05T22:41:00Z" | time',
    "moment": '"2025-09-05T22:41:00Z" | moment',
    "month": '"2025-09" | month',
    "month_name": '"2025-09" | month_name',
    "weekday": '"2025-09-05" | weekday',
    "day_of_year": '"09-05" | day_of_year',
    "html_time": '"2025-09-05T22:41:00.250881Z" | html_time',
    "doubt": "reason | doubt",
    "lang": '"he" | lang("שלום")',
    "dir": '"שלום, Ada" | dir("he")',
    "messages": '("script.copied", "count.threads") | messages',
    "body": "view | body(page)",
    "bio": "view | bio(page)",
    "document": "document | document",
    "heading": "document | heading",
    "credited": "author | credited",
    "citation": "title | citation(author, iso, path, site)",
}


def filters() -> dict[str, Any]:
    """Return the filters of templates, in English."""
    config = Config(root=PROJECT)
    english = site_language.load(config)
    reader = Reader(config.content, english)
    return Renderer(themes.load(config), config, english, reader).filters()


def _filters() -> Iterator[str]:
    known = filters()
    yield "## Filters and tags\n"
    yield (
        "Besides [Jinja's own](https://jinja.palletsprojects.com/en/stable/templates/#builtin-filters). The examples are those of an "
        "English site at\n`https://ada.example/`, on the page `thread/bluesky-3ka.html`; `t` has the keys of "
        "[the messages](../sitegen/languages/messages/en.toml).\n"
    )
    yield (
        "`{% shared KEY %}…{% endshared %}` renders what it encloses once for each key, on whatever page that is. What it encloses may "
        "depend on\n`site` and on the key alone. In `{% shared KEY on page %}` it may also have addresses that `href` makes relative to the page, which "
        "are put in for\neach page: `{% shared entry.digest on page %}` for a line of a listing.\n"
    )
    yield "| Filter | | Example | |\n|---|---|---|---|"
    for name, expression in EXAMPLES.items():
        text = _sentence(known[name].__doc__ or "")
        result = example(expression, known)
        yield f"| `{name}` | {_cell(text)} | `{_cell(f'{{{{ {expression} }}}}')}` | {result} |"
    yield ""


def example(expression: str, known: Mapping[str, Any]) -> str:
    """Return what an expression gives; "" if it needs a value of the archive."""
    from jinja2 import Environment

    if '"' not in expression and not expression[0].isdigit():
        return ""
    environment = Environment(autoescape=True)
    environment.filters.update(known)
    page = Page("thread/bluesky-3ka.html", "thread.html", contexts.EmptyContext(), "")
    site = SimpleNamespace(base_url="https://ada.example/")
    return f"`{environment.from_string(f'{{{{ {expression} }}}}').render(page=page, site=site)}`"


def macros(name: str) -> dict[str, str]:
    """Return the macros of a template with their arguments, and the comment before each."""
    text = (THEME / "templates" / name).read_text("utf-8")
    found = re.findall(r"(?:\{# ([^\n]*?)\.? #\}\n)?\{% macro (\w+\([^)]*\)) %\}", text)
    return {name: comment for comment, name in found}


def _macros() -> Iterator[str]:
    yield "## Macros\n"
    yield 'The pieces that pages are made of: `{% import "parts.html" as parts %}`, then `{{ parts.NAME(…) }}`.\n'
    yield from _macro_table("parts.html")
    yield 'Those of insights: `{% import "charts.html" as draw %}`, then `{{ draw.NAME(…) }}`.\n'
    yield from _macro_table("charts.html")


def _macro_table(template: str) -> Iterator[str]:
    yield "| Macro | |\n|---|---|"
    for name, text in macros(template).items():
        yield f"| `{name}` | {_cell(text)} |"
    yield ""


def variables() -> dict[str, tuple[str, str, str]]:
    """Return the CSS variables of the default theme: their light and dark values, and comments."""
    css = (THEME / "static" / "style.css").read_text("utf-8")
    own = (THEME / "static" / "insights.css").read_text("utf-8").partition("\n}\n")[0]
    root, _, dark = css.partition("@media (prefers-color-scheme: dark)")
    dark_values = dict(re.findall(r"(?m)^    --([\w-]+): (.*?);", dark.partition("\n}\n")[0]))
    found = re.findall(r"(?m)^  --([\w-]+): (.*?);(?: /\* (.*?) \*/)?$", root + own)
    return {name: (value, dark_values.get(name, ""), text) for name, value, text in found}


def _variables() -> Iterator[str]:
    yield "## CSS variables\n"
    yield (
        "For `[theme.variables]` in `sitegen.toml`. One value for both schemes, or `light-dark(…, …)` for one each.\n"
    )
    yield "| Variable | | Default | Dark |\n|---|---|---|---|"
    for name, (light, dark, text) in variables().items():
        shown = f"`{dark}`" if dark else ""
        yield f"| `{name}` | {_cell(text)} | `{_shorten(light)}` | {shown} |"
    yield ""


def _classes() -> Iterator[str]:
    yield "## CSS classes\n"
    yield (
        "Those of the elements on the default theme's pages. What a post or a page says has besides: `mention` and `hashtag` on links, "
        "`address`\non links whose words are their address, `highlight` on a `<pre>` of code, and the classes of Markdown extensions, such as\n"
        "`admonition`. Classes that begin with `h-`, `p-`, `u-`, `dt-` and `e-` are "
        "[microformats](https://microformats.org/wiki/microformats2), which\nother programs read: keep them in templates, and style the others.\n"
    )
    yield "| Class | Element | |\n|---|---|---|"
    elements = elements_of_classes()
    for name, text in classes().items():
        shown = ", ".join(f"`<{element}>`" for element in elements[name])
        yield f"| `{name}{'…' if name.endswith('-') else ''}` | {shown} | {text} |"
    yield ""


def classes() -> dict[str, str]:
    """Return what each class is."""
    described: dict[str, str] = tomllib.loads(CLASSES.read_text("utf-8"))
    return described


def elements_of_classes() -> dict[str, list[str]]:
    """Return the elements of each class in the default theme, but microformats."""
    found: dict[str, dict[str, None]] = {}
    for path in sorted((THEME / "templates").iterdir()):
        text = re.sub(r"\{% macro .*?%\}", "", path.read_text("utf-8"))
        for attribute in CLASS_ATTRIBUTE.finditer(text):
            element = re.findall(r"<(\w+)", text[: attribute.start()])[-1]
            for name in _class_names(attribute[1]):
                found.setdefault(name, {})[element] = None
    for path in sorted((THEME / "static").rglob("*.js")):
        script = path.read_text("utf-8")
        for element, name in re.findall(r'"(\w+)",\s*\{[^}]*className: "([\w-]+)"', script):
            found.setdefault(name, {})[element] = None
    return {name: sorted(each) for name, each in found.items()}


def _class_names(attribute: str) -> Iterator[str]:
    """Yield the names in a class attribute, those in strings of its code too."""
    strings = re.findall(r"'([^']*)'", " ".join(re.findall(r"\{\{.*?\}\}", attribute)))
    names = " ".join([CODE.sub(" ", attribute), *strings]).split()
    yield from (name for name in names if not re.match(r"(?:h|p|u|dt|e)-", name))


def _shorten(value: str) -> str:
    """Return a list of fonts cut after the third."""
    names = value.split(", ")
    return ", ".join(names if len(names) <= 3 else [*names[:3], "…"])


if __name__ == "__main__":
    REFERENCE.write_text(reference(), "utf-8", newline="\n")
