"""Load a theme: templates and static files of its folder and of the themes it extends.

Files in the site's own `templates/` and `static/` take precedence over the theme's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from sitegen.config import toml_tables
from sitegen.config.schema import Build, Config
from sitegen.errors import ConfigError, ThemeError
from sitegen.site import theme_variables
from sitegen.site.render import theme_files

REFERENCE = re.compile(
    r"{%[-+]?\s*(?P<tag>extends|include|import|from)\b\s*(?P<what>.*?)\s*[-+]?%}", re.S
)
LITERAL_NAME = re.compile(
    r"""(["'])([^"'\\]+)\1(?:\s+import\b.*|(?:\s+(?:as\s+\w+|ignore\s+missing|with(?:out)?\s+context))*)""",
    re.S,
)
# Temporary files of editors: backups, autosaves, vim's swap files and its probe "4913".
# The keys of theme.toml, with an example of each.
THEME_KEYS = {"name": '"slate"', "description": '"One column on slate."', "extends": '"default"'}
MAX_CACHED_TEMPLATES = 200  # several themes
STATIC = "static/"
VARIABLES = "static/variables.css"
STYLE = "static/style.css"
HIGHLIGHT_STYLE = "static/highlight.css"
INSIGHTS_STYLE = "static/insights.css"
TOPICS_STYLE = "static/topics.css"  # of the pages of topics alone
CHILD_STYLE = "static/theme.css"
SEARCH = "search.html"
SEARCH_FILES = "static/search/"
CUSTOM_STYLE = "static/custom.css"


class Theme(NamedTuple):
    """A theme merged with those it extends: template sources, and static files by site path.

    A template that overrides another may refer to it as "THEME/NAME", such as "default/base.html".
    `names` are all names by which templates may refer to others.
    """

    templates: dict[str, Path]
    sources: dict[str, str]
    static: dict[str, Path]
    variables: str
    names: tuple[str, ...] = ()

    def stylesheets(self) -> tuple[str, ...]:
        """Return the site paths of the style sheets, in cascade order."""
        child = (CHILD_STYLE,) if CHILD_STYLE in self.static else ()
        variables = (VARIABLES,) if self.variables else ()
        custom = (CUSTOM_STYLE,) if CUSTOM_STYLE in self.static else ()
        return (STYLE, *child, *variables, *custom)

    def stylesheets_with_highlighting(self) -> tuple[str, ...]:
        """Return the style sheets of a site with highlighted code; other sheets override its."""
        first, *others = self.stylesheets()
        added = (HIGHLIGHT_STYLE,) if HIGHLIGHT_STYLE in self.static else ()
        return (first, *added, *others)

    def without_sheet(self, sheet: str, own: Path) -> Theme:
        """Return the theme for a site that does not need one of its style sheets.

        `own` is the folder of the site's own static files, which stay.
        """
        file = self.static.get(sheet)
        if file is None or file.is_relative_to(own):
            return self
        return self._replace(static={p: f for p, f in self.static.items() if p != sheet})

    def has_search(self, build: Build) -> bool:
        """Tell whether a site with these settings has a search: the theme has a page for it."""
        return build.search and SEARCH in self.templates

    def without_search(self, own: Path) -> Theme:
        """Return the theme for a site without a search; `own` are its own static files."""
        static = {
            path: file
            for path, file in self.static.items()
            if not path.startswith(SEARCH_FILES) or file.is_relative_to(own)
        }
        return self._replace(static=static)

    def digest(self, template: str) -> str:
        """Return a hex digest of a template and of all that it extends, includes or imports."""
        names: list[str] = []
        queue = [template]
        while queue:
            name = queue.pop()
            if name not in names and name in self.sources:
                names.append(name)
                queue += _loaded_names(self.sources[name], self.sources)
        text = "\0".join([f"{name}\0{_digest(self.sources[name])}" for name in sorted(names)])
        return _digest(text)


@lru_cache(maxsize=MAX_CACHED_TEMPLATES)  # most templates load the same others
def _digest(source: str) -> str:
    from sitegen.digests import hash_text

    return hash_text(source, 16)


class _Reference(NamedTuple):
    """A tag that loads a template; `name` is "" if the template computes it."""

    tag: str
    name: str
    line: int


# Every page type asks for those of its templates, and a preview builds again and again.
@lru_cache(maxsize=MAX_CACHED_TEMPLATES)
def _references(source: str) -> tuple[_Reference, ...]:
    """Return the references of a template to others, in order."""
    found = []
    for match in REFERENCE.finditer(source):
        name = LITERAL_NAME.fullmatch(match["what"])
        line = source.count("\n", 0, match.start()) + 1
        found.append(_Reference(match["tag"], name[2] if name else "", line))
    return tuple(found)


def _loaded_names(source: str, known: Iterable[str]) -> list[str]:
    """Return the templates that one may load: all known ones if it computes a name."""
    names = [reference.name for reference in _references(source)]
    return names if all(names) else list(known)


def roots(config: Config) -> tuple[Path, ...]:
    """Return the folders that are searched for themes: the site's own, then sitegen's."""
    package = Path(__file__).resolve().parents[2]
    bundled = package / "themes"
    return (config.root / "themes", bundled if bundled.is_dir() else package.parent / "themes")


def folders(config: Config) -> tuple[Path, ...]:
    """Return the folders of the theme and of those it extends, in order.

    Raises ThemeError, ConfigError.
    """
    found: list[Path] = []
    name: str = config.theme.name
    location: _Location = _SettingsLocation(config.file)
    while name:
        folder = _folder(name, config, location)
        if folder in found:
            what = f"the theme {name} extends itself"
            raise ThemeError(
                what, path=location.path, line=location.line, hint="remove one `extends`."
            )
        found.append(folder)
        name, location = _extends(folder)
    return tuple(found)


def message_folders(config: Config) -> tuple[Path, ...]:
    """Return the folders of messages: those of the themes, the extended ones first, and the site's.

    Raises ThemeError, ConfigError.
    """
    return (*(folder / "messages" for folder in reversed(folders(config))), config.messages)


def load(config: Config) -> Theme:
    """Read the theme that the config names. Raises ThemeError, ConfigError."""
    chain = folders(config)
    static_folders = (config.static, *(folder / "static" for folder in chain))
    static = theme_files.find(static_folders, STATIC)
    templates = theme_files.find(
        (config.templates, *(folder / "templates" for folder in chain)), ""
    )
    sources = {name: theme_files.read(path) for name, path in templates.items()}
    of_themes = _of_themes(chain)
    _add_overridden(templates, sources, of_themes)
    _refuse_circles(templates, sources, of_themes)
    # That of topics has no variables of its own: it uses those that a theme may have.
    of_all_pages = [
        n
        for n in static
        if n.endswith(".css") and n != TOPICS_STYLE and not n.startswith(SEARCH_FILES)
    ]
    sheets = sorted(of_all_pages, key=lambda name: name != STYLE)
    variables = theme_variables.style_sheet(config, [static[n] for n in sheets])
    return Theme(templates, sources, static, variables, (*sources, *of_themes))


def _add_overridden(
    templates: dict[str, Path], sources: dict[str, str], of_themes: dict[str, Path]
) -> None:
    """Add the templates of themes that any template refers to by "THEME/NAME"."""
    queue = list(sources.values())
    while queue:
        for name in _loaded_names(queue.pop(), of_themes):
            if name in of_themes and name not in templates:
                templates[name] = of_themes[name]
                sources[name] = theme_files.read(of_themes[name])
                queue.append(sources[name])


def _of_themes(chain: tuple[Path, ...]) -> dict[str, Path]:
    """Return the templates of each theme, inherited ones too, by "THEME/NAME"."""
    folders = tuple(folder / "templates" for folder in chain)
    found: dict[str, Path] = {}
    for at, theme in enumerate(chain):
        found |= theme_files.find(folders[at:], f"{theme.name}/")
    return found


def _refuse_circles(
    templates: dict[str, Path], sources: dict[str, str], of_themes: dict[str, Path]
) -> None:
    """Raise ThemeError for a template that extends itself, directly or through others."""
    for name in sources:
        seen = [name]
        while extended := _extended(sources.get(seen[-1], "")):
            parent, line = extended
            if parent in seen:
                path, others = templates[seen[-1]], seen[seen.index(parent) + 1 :]
                what = f"{parent} extends itself" + (f" through {others[0]}" if others else "")
                raise ThemeError(what, path=path, line=line, hint=_cure(path, parent, of_themes))
            seen.append(parent)


def _cure(path: Path, name: str, of_themes: dict[str, Path]) -> str:
    """Return how the template at a path extends the one that it overrides."""
    plain_name = name.partition("/")[2] if name in of_themes else name
    named = [known for known in of_themes if known.partition("/")[2] == plain_name]
    own = [known for known in named if of_themes[known] == path]
    overridden = next((known for known in named if of_themes[known] != path), None)
    if overridden is None or (own and named.index(overridden) < named.index(own[0])):
        return "remove one `extends`."
    return f'write {{% extends "{overridden}" %}}.'


def _extended(source: str) -> tuple[str, int] | None:
    """Return the name of the template that one extends, and the line; None without a name."""
    for tag, name, line in _references(source):
        if tag == "extends" and name:
            return name, line
    return None


class _Location(NamedTuple):
    """The file that names a theme, which is a theme's, and the line."""

    path: Path | None
    line: int | None = None

    def refuse(self, what: str, hint: str) -> ThemeError | ConfigError:
        """Return the error for a name that is no theme's."""
        return ThemeError(what, path=self.path, line=self.line, hint=hint)


class _SettingsLocation(_Location):
    """The file of the settings; its line is looked up if something is wrong there."""

    def refuse(self, what: str, hint: str) -> ThemeError | ConfigError:
        """Return the error for a name that is no theme's."""
        text = self.path.read_text("utf-8-sig", "replace") if self.path else ""
        line = toml_tables.find_line(text, "theme.name")
        return ConfigError(what, path=self.path, line=line, hint=hint)


def _folder(name: str, config: Config, location: _Location) -> Path:
    """Return a theme's folder. Raises ThemeError at the location that names it."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name):
        what, hint = f"{name!r} is not the name of a theme", "write the name of its folder."
        raise location.refuse(what, hint)
    for root in roots(config):
        if (root / name / "theme.toml").is_file():
            return root / name
    known = sorted({p.parent.name for root in roots(config) for p in root.glob("*/theme.toml")})
    raise location.refuse(f"there is no theme {name}", f"there is: {', '.join(known)}.")


def _extends(folder: Path) -> tuple[str, _Location]:
    """Return the name of the theme that another extends ("" if none), and its location."""
    path = folder / "theme.toml"
    try:
        text = path.read_text("utf-8")
        fields = _fields(text, path)
    except ConfigError as error:
        raise ThemeError(error.message, path=path, line=error.line, hint=error.hint) from error
    except (OSError, ValueError) as error:
        raise ThemeError(f"cannot be read: {error}", path=path, hint="correct it.") from error
    return fields.get("extends", ""), _Location(path, toml_tables.find_line(text, "extends"))


def _fields(text: str, path: Path) -> dict[str, str]:
    """Return what a theme.toml says. Raises ConfigError."""
    fields = toml_tables.parse_toml(text, path)
    toml_tables.check_keys(fields, THEME_KEYS, "", text, path)
    for key, value in fields.items():
        if not isinstance(value, str):
            what = f"{key} must be a string, not {toml_tables.quote(value)}"
            hint = f"write it like {key} = {THEME_KEYS[key]}."
            raise ConfigError(what, path=path, line=toml_tables.find_line(text, key), hint=hint)
    return fields
