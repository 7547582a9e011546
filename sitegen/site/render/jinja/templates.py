"""Load and render a theme's Jinja2 templates; compiled code is cached between builds.

A template has access to the page, the `SiteView` and pure filters only.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from contextlib import suppress
from functools import cache, cached_property, lru_cache
from pathlib import Path
from types import CodeType
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache, FunctionLoader, Template
from jinja2.bccache import Bucket
from jinja2.exceptions import UndefinedError

from sitegen import __version__
from sitegen.digests import hash_bytes as digest
from sitegen.errors import SitegenError, ThemeError
from sitegen.languages.language import Language
from sitegen.site.render.jinja import template_compiler, template_errors
from sitegen.site.render.jinja.fragments import Shared
from sitegen.site.render.jinja.macro_overrides import MacroCodeGenerator
from sitegen.site.render.jinja.variables import VariableContext
from sitegen.site.render.theme import Theme
from sitegen.site.views.contexts import Page

Filters = dict[str, Callable[..., Any]]

MAX_CACHED_TEMPLATES = 200  # several themes in several languages


class Templates:
    """Renders templates with our faster code generator, falling back to Jinja's own."""

    def __init__(self, theme: Theme, filters: Filters, language: Language) -> None:
        self.theme = theme
        self.filters = filters
        self.fast = _environment(_FastEnvironment, theme, filters)
        self.compiled: _BytecodeCache | None = None
        with suppress(OSError, RuntimeError):  # no cache folder, or one that others can write
            self.fast.bytecode_cache = self.compiled = _BytecodeCache(theme, language)
        self.standard: Environment | None = None
        self.standard_only: set[str] = set()
        self.globals = dict(self.fast.globals)
        self.loaded: dict[str, Template] = {}

    def check(self) -> None:
        """Compile the HTML templates that no build has compiled yet. Raises ThemeError.

        The others are loaded when a page needs them: pages after an edit need a few.
        """
        for name in self._html_names:
            if self.compiled is None or not self.compiled.has(name):
                self._load(name, None)

    def load_all(self) -> None:
        """Load all HTML templates. Raises ThemeError."""
        for name in self._html_names:
            self._load(name, None)

    @property
    def _html_names(self) -> list[str]:
        return [name for name in self.theme.sources if name.endswith(".html")]

    def render(self, page: Page, variables: dict[str, Any]) -> list[str]:
        """Return the pieces of a page. Raises ThemeError if its template fails."""
        template = self.loaded.get(page.template) or self._load(page.template, page)
        if page.template in self.standard_only:
            return [self._render_with_jinja(page, variables)]
        scope = {**self.globals, **variables}  # what Template.new_context would collect
        context = VariableContext(self.fast, scope, page.template, template.blocks)
        try:
            return [*template.root_render_func(context)]
        except SitegenError:
            raise
        except Exception as error:
            text = self._render_with_jinja(page, variables)  # raises with the template's line
            # Only Jinja's own code looks up keys that are written as attributes.
            if not isinstance(error, AttributeError | UndefinedError):
                raise self._theme_error(error, page, variables) from error
            self.standard_only.add(page.template)
            return [text]

    def _render_with_jinja(self, page: Page, variables: dict[str, Any]) -> str:
        if self.standard is None:
            self.standard = _environment(_StandardEnvironment, self.theme, self.filters)
        try:
            return self.standard.get_template(page.template).render(variables)
        except SitegenError:
            raise
        except Exception as error:  # a template can raise anything
            raise self._theme_error(error, page, variables) from error

    def _load(self, name: str, page: Page | None) -> Template:
        try:
            self.loaded[name] = self.fast.get_template(name)
        except Exception as error:
            raise self._theme_error(error, page, {}, name) from error
        return self.loaded[name]

    def _theme_error(
        self, error: Exception, page: Page | None, variables: dict[str, Any], name: str = ""
    ) -> ThemeError:
        """Return an error that names the failing template and line."""
        sources = {str(path) for path in self.theme.templates.values()}
        path, line, caller = template_errors.place(error, sources)
        name = name or (page.template if page else "")
        what, hint = template_errors.explain(error, variables, self.theme.names)
        if caller:
            what += f", called in {caller}"
        if page:
            what += f" (while making {page.path})"
        path = path or str(self.theme.templates.get(name, name))
        return ThemeError(what, path=path, line=line, hint=hint)


class _BytecodeCache(FileSystemBytecodeCache):
    """Caches compiled templates by their source, in Jinja's cache folder of this user.

    Messages without values are constants in the compiled code, so the key covers the language.
    """

    def __init__(self, theme: Theme, language: Language) -> None:
        super().__init__(pattern="sitegen-%s.cache")
        self.theme = theme
        self.base = digest(_compiler_source() + language.fingerprint)

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Return a digest of a template's source and of the code that compiles it."""
        text = f"{name}\0{self.theme.sources[name]}"
        return digest(self.base + text.encode()).hex()

    def has(self, name: str) -> bool:
        """Tell whether a template has been compiled from the source that it has now."""
        return Path(self.directory, self.pattern % self.get_cache_key(name)).exists()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Load a template's code, from memory if an earlier build of this process has loaded it."""
        with suppress(LookupError):
            bucket.code = _read_code(self.directory, self.pattern, bucket.key, bucket.checksum)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Store a template's code; a full or read-only disk is no error."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


@cache
def _compiler_source() -> bytes:
    """Return what compiled code depends on: our version and the modules of this folder."""
    paths = sorted(Path(__file__).parent.glob("*.py"))
    return b"".join((__version__.encode(), *(path.read_bytes() for path in paths)))


# A quarter of the time of a small build, which a preview repeats with the same templates.
@lru_cache(maxsize=MAX_CACHED_TEMPLATES)
def _read_code(folder: str, pattern: str, key: str, checksum: str) -> CodeType:
    """Read the code of a compiled template from its file. Raises LookupError if there is none."""
    bucket = Bucket(Environment(autoescape=True), key, checksum)
    FileSystemBytecodeCache(folder, pattern).load_bytecode(bucket)
    if bucket.code is None:
        raise LookupError(key)
    return bucket.code


class _StandardEnvironment(Environment):
    """An environment with Jinja's code generator, but for macros."""

    code_generator_class = MacroCodeGenerator
    context_class = VariableContext


class _FastEnvironment(Environment):
    """An environment with our code generator, which never reloads a template."""

    code_generator_class = template_compiler.FastCodeGenerator
    context_class = VariableContext

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - Jinja's name for it
    ) -> Template:
        """Return a template by its name, from memory after the first call."""
        template = self.loaded_templates.get(name)
        if template is None:
            template = self.loaded_templates[name] = super().get_template(name, parent, globals)
        return template

    @cached_property
    def loaded_templates(self) -> dict[str | Template, Template]:
        """The templates loaded so far, by name."""
        return {}


def _environment(kind: type[Environment], theme: Theme, filters: Filters) -> Environment:
    def load(name: str) -> tuple[str, str, Callable[[], bool]] | None:
        if name not in theme.sources:
            return None
        return theme.sources[name], str(theme.templates[name]), lambda: True

    environment = kind(
        loader=FunctionLoader(load),
        autoescape=True,  # for every file, whatever its ending
        undefined=template_errors.Missing,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=[Shared],
    )
    environment.globals.pop("lipsum")  # the only global that is random
    environment.filters.update(filters)
    return environment
