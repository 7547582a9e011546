"""References to media in what people wrote by hand, where a file has another name on the site."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from urllib.parse import unquote

from sitegen.build import urls
from sitegen.build.escaping import escaped_value

_TAG = re.compile(r'<(?:a|img) (?:[^>"]|"[^"]*")*>')  # a text has "&lt;" in place of "<"
_ADDRESS = re.compile(r'(?<= )(?P<name>href|src)="(?P<value>[^"]*)"')
_PARTS = re.compile(r"(?P<way>/?(?:\.{1,2}/)*)(?P<path>media/[^?#]+)(?P<rest>.*)", re.DOTALL)


def renamed(html: str, names: Mapping[str, str]) -> str:
    """Return HTML whose relative links and pictures lead to the published names of media."""
    if not names or "media/" not in html:
        return html
    return _TAG.sub(lambda tag: _ADDRESS.sub(lambda at: _address(at, names), tag[0]), html)


def _address(found: re.Match[str], names: Mapping[str, str]) -> str:
    parts = _PARTS.fullmatch(unescape(found["value"]))
    path = names.get(unquote(parts["path"])) if parts else None
    if parts is None or path is None:
        return found[0]
    value = f"{parts['way']}{urls.quoted(path)}{parts['rest']}"
    return f'{found["name"]}="{escaped_value(value)}"'
