"""The filters of templates that need nothing but their arguments: addresses, dates, messages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

from markupsafe import Markup, escape
from msgspec import json

from sitegen.content.format.draft import printable
from sitegen.languages.direction import is_left_to_right, is_other_language, text_direction
from sitegen.languages.language import Language
from sitegen.site import url_encoding
from sitegen.site.render.jinja.template_compiler import escape_output
from sitegen.site.views.contexts import Page
from sitegen.site.views.template_values import SiteView
from sitegen.text.link_hosts import host_of
from sitegen.timestamps import html_time


def href(path: str, page: Page) -> str:
    """Return the relative address of a site path from a page."""
    return page.root + url_encoding.iri(path)


def near(path: str, page: Page) -> str:
    """Return the shortest relative address of a site path from a page.

    Unlike `href` it depends on the page's folder, not only on how deep that is, so what pages of
    several folders share cannot use it. A colon would make the address one of another scheme
    (RFC 3986, 4.2).
    """
    folder = page.path[: page.path.rfind("/") + 1]
    if folder and path.startswith(folder) and ":" not in (name := path[len(folder) :]):
        return url_encoding.iri(name)
    return href(path, page)


def absolute(path: str, site: SiteView) -> str:
    """Return the whole address of a site path; empty if `base_url` is not set."""
    return site.base_url + url_encoding.percent_encode(path) if site.base_url else ""


def host(url: str) -> str:
    """Return the host that a link leads to, without "www."."""
    return host_of(url) or url


def joined(pieces: Iterable[str], separator: str) -> Markup:
    """Return the pieces that are not empty, with the separator between."""
    return escape(separator).join([piece for piece in pieces if piece])


def file_name(origin: str) -> str:
    """Return the name of the file at an address or a path."""
    if origin.startswith("data:"):
        return ""
    return printable(re.split(r"[?#]", origin, maxsplit=1)[0].rstrip("/").rpartition("/")[2])


def message_filter(language: Language) -> Callable[..., str]:
    """Return the filter `t`: a message by its key; HTML among the values stays HTML."""
    text = language.text_of_numbers  # the usual case, without a call between

    @cache
    def html_pattern(key: str, count: int | None) -> str:
        """Return a message with its placeholders as HTML."""
        return str(escape(language.pattern(key, count)))

    def t(key: str, count: int | None = None, **values: object) -> str:
        """Return a message of the site's language by its key; `count` chooses the plural."""
        if not values:
            return text(key, count)
        if Markup not in map(type, values.values()):
            return language.text(key, count, **values)
        shown = language.format_values(values, count)
        html = {name: escape_output(value) for name, value in shown.items()}
        # The method `format` of Markup does the same in Python, which takes thirty calls.
        return str.__new__(Markup, language.fill(key, html_pattern(key, count), html))

    return t


def messages_filter(language: Language) -> Callable[..., str]:
    """Return the filter `messages`: messages for a script."""

    def messages(keys: Sequence[str]) -> str:
        """Return the messages of these keys and tables as JSON, with their placeholders."""
        tables = tuple([f"{key}." for key in keys])
        chosen = {
            key: message
            for key, message in language.messages.items()
            if key in keys or key.startswith(tables)
        }
        return json.encode(chosen).decode()

    return messages


def language_filter(language: Language) -> Callable[..., str]:
    """Return the filter `lang`: attributes for words in another language than the site's."""
    own = language.tag

    @cache
    def attributes(tag: str, text_direction: str) -> str:
        if not is_other_language(tag, own):
            return ""
        direction = ' dir="rtl"' if text_direction == "rtl" else ""
        return Markup(f' lang="{escape(tag)}"{direction}')  # noqa: S704 - escaped

    def lang(tag: str | None, text: str = "") -> str:
        """Return `lang` for words in another language, and `dir` for `text` from right to left."""
        if tag is None or tag == own:
            return ""
        return attributes(tag, text_direction(tag, text) if text else "")

    return lang


def direction_filter(language: Language) -> Callable[..., str]:
    """Return the filter `dir`: the attribute for the direction of a text."""
    attributes = {"rtl": Markup(' dir="rtl"'), "auto": Markup(' dir="auto"')}
    is_site_left_to_right = language.direction == "ltr"

    def dir(text: str, tag: str | None = None) -> str:  # noqa: A001 - the attribute's name
        """Return `dir` for a text in the language `tag`, nothing where it is as on the page."""
        if is_site_left_to_right and is_left_to_right(text):
            return ""
        return attributes[text_direction(tag, text)]

    return dir


def filters(language: Language) -> dict[str, Callable[..., Any]]:
    """Return the filters; `t` looks up a message, the others format values."""
    return {
        "href": href, "near": near, "absolute": absolute, "host": host, "file_name": file_name,
        "joined": joined,
        "t": message_filter(language), "number": language.number, "day": language.day,
        "short_day": language.short_day, "time": language.time, "moment": language.moment,
        "month": language.month, "month_name": language.month_name, "weekday": language.weekday,
        "day_of_year": language.day_of_year, "html_time": html_time, "doubt": language.doubt,
        "lang": language_filter(language), "dir": direction_filter(language),
        "messages": messages_filter(language),
    }  # fmt: skip
