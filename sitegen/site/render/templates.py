"""A theme's templates, compiled once a process and kept compiled from build to build.

Nothing but the page, the site's own view and pure filters can reach a template.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from contextlib import suppress
from functools import cached_property
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache, FunctionLoader, StrictUndefined, Template
from jinja2.bccache import Bucket
from jinja2.exceptions import UndefinedError
from jinja2.runtime import Context

from sitegen.digests import hash_bytes as digest
from sitegen.errors import SitegenError, ThemeError
from sitegen.site.render import template_compiler
from sitegen.site.render.fragments import Shared
from sitegen.site.render.theme import Theme
from sitegen.site.views.contexts import Page

Filters = dict[str, Callable[..., Any]]


class Templates:
    """Renders a theme's templates; what the quick way cannot render is left to the plain one."""

    def __init__(self, theme: Theme, filters: Filters) -> None:
        self.theme = theme
        self.filters = filters
        self.quick = _environment(_Quick, theme, filters)
        with suppress(OSError, RuntimeError):  # no such folder, or not this user's alone
            self.quick.bytecode_cache = _Compiled(theme)
        self.plain: Environment | None = None
        self.slow: set[str] = set()
        self.given = dict(self.quick.globals)
        self.loaded: dict[str, Template] = {}

    def prepare(self) -> None:
        """Compile all templates. Raises ThemeError."""
        for name in self.theme.sources:
            if name.endswith(".html"):
                self._load(name, None)

    def render(self, page: Page, variables: dict[str, Any]) -> str:
        """Return the text of a page. Raises ThemeError when its template fails."""
        template = self.loaded.get(page.template) or self._load(page.template, page)
        if page.template in self.slow:
            return self._plainly(page, variables)
        given = {**self.given, **variables}  # the globals are there: nobody need gather them
        context = Context(self.quick, given, page.template, template.blocks)
        try:
            return "".join(template.root_render_func(context))
        except SitegenError:
            raise
        except Exception as error:
            text = self._plainly(page, variables)  # names the line of a template's own mistake
            # Jinja's code alone looks up keys that are written as attributes.
            if not isinstance(error, AttributeError | UndefinedError):
                raise self._broken(error, page.template, page) from error
            self.slow.add(page.template)
            return text

    def _plainly(self, page: Page, variables: dict[str, Any]) -> str:
        if self.plain is None:
            self.plain = _environment(Environment, self.theme, self.filters)
        try:
            return self.plain.get_template(page.template).render(variables)
        except SitegenError:
            raise
        except Exception as error:  # whatever a person's template does, it is the template's
            raise self._broken(error, page.template, page) from error

    def _load(self, name: str, page: Page | None) -> Template:
        try:
            self.loaded[name] = self.quick.get_template(name)
        except Exception as error:
            raise self._broken(error, name, page) from error
        return self.loaded[name]

    def _broken(self, error: Exception, name: str, page: Page | None) -> ThemeError:
        """Say which template failed, and where in it."""
        import traceback

        sources = {str(path) for path in self.theme.templates.values()}
        frames = traceback.extract_tb(error.__traceback__)
        place = next(
            ((f.filename, f.lineno) for f in reversed(frames) if f.filename in sources), None
        )
        path, line = place or (str(self.theme.templates.get(name, name)), None)
        path = getattr(error, "filename", None) or path
        line = getattr(error, "lineno", None) or line
        what = f"{type(error).__name__}: {error}" + (f" (while making {page.path})" if page else "")
        return ThemeError(what, path=path, line=line, hint="correct the template.")


class _Compiled(FileSystemBytecodeCache):
    """Code by what it was made of, kept for all sites of this user in Jinja's own cache folder."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(pattern=f"sitegen-{template_compiler.VERSION}-%s.cache")
        self.theme = theme

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Return a digest of a template's source."""
        text = f"{name}\0{self.theme.sources[name]}"
        return digest(text.encode()).hex()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template's code where there is room for it."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


class _Quick(Environment):
    """Finds a template that it has without asking whether it is the one."""

    code_generator_class = template_compiler.Quick

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - Jinja's name for it
    ) -> Template:
        """Return a template by its name; the first one by that name stays it."""
        template = self.known.get(name)
        if template is None:
            template = self.known[name] = super().get_template(name, parent, globals)
        return template

    @cached_property
    def known(self) -> dict[str | Template, Template]:
        """The templates that were loaded."""
        return {}


def _environment(kind: type[Environment], theme: Theme, filters: Filters) -> Environment:
    def load(name: str) -> tuple[str, str, Callable[[], bool]] | None:
        if name not in theme.sources:
            return None
        return theme.sources[name], str(theme.templates[name]), lambda: True

    environment = kind(
        loader=FunctionLoader(load),
        autoescape=True,  # for every file: a template's name must not decide on safety
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=[Shared],
    )
    environment.globals.pop("lipsum")  # the only one that is not the same every time
    environment.filters.update(filters)
    return environment
