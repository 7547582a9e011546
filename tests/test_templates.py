"""Templates render in tighter code than Jinja's own, and to the same text."""

from __future__ import annotations

import inspect
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from english import ENGLISH
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment, StrictUndefined
from jinja2.compiler import CodeGenerator
from markupsafe import Markup

from sitegen.errors import ThemeError
from sitegen.site.render.jinja import template_compiler
from sitegen.site.render.jinja.fragments import Shared
from sitegen.site.render.jinja.macro_overrides import MacroCodeGenerator
from sitegen.site.render.jinja.template_compiler import FastCodeGenerator
from sitegen.site.render.jinja.templates import Templates
from sitegen.site.render.theme import Theme
from sitegen.site.views import contexts
from sitegen.site.views.contexts import Page
from sitegen.site.views.links import Link

PAGE = Page("a.html", "page.html", contexts.EmptyContext(), "a page")
GIVEN: dict[str, Any] = {
    "name": "Ada & <Bo> \"'",
    "safe": Markup("<b>&amp;</b>"),
    "link": Link("T<i>", "x/y.html"),
    "links": (Link("one", "1"), Link("two & three", "2")),
    "table": {"key": "v<", "items": "not the method", "class": "c<"},
    "number": 3,
    "none": None,
}
OTHERS = {
    "base.html": "<{% block a %}base {{ name }}{% endblock %}>{% block b %}{% endblock %}",
    "macros.html": "{% macro m(x) %}[{{ x }}{{ caller() if caller is defined }}]{% endmacro %}",
    "part.html": "{{ link.title }};",
    "uses.html": "{% macro m() %}{{ name }}{% endmacro %}",
    "calls.html": "{% macro m() %}{{ name }}{% endmacro %}{{ m() }}{% block a %}{% endblock %}",
    "pieces.html": "{% macro outer(x) %}<{{ inner(x) }}>{% endmacro %}{% macro inner(x) %}[{{ x }}]{% endmacro %}"
    "{% macro _quiet() %}.{% endmacro %}",
    "own-pieces.html": "{% extends 'pieces.html' %}{% macro inner(x) %}({{ x }}{{ _quiet() }}){% endmacro %}",
    "third-pieces.html": "{% macro inner(x) %}{{ base.inner(x) }}{{ outside }}{% endmacro %}{% import 'own-pieces.html' as base %}"
    "{% set outside = '!' %}{% extends 'own-pieces.html' %}{% macro _quiet() %}?{% endmacro %}",
}
BODIES = [
    "{{ name }}{{ safe }}{{ number }}{{ none }}{{ true }}",
    "{{ link.title }} {{ link.path | upper }} {{ link['title'] }} {{ links[1].title }}",
    "{{ table.key }} {{ table['key'] }} {{ table.items }}",
    "{{ table.key }} {{ table.class }}{{ name.class is defined }}",
    "{{ table.missing is defined }}{{ link.missing is defined }}{{ nothing is defined }}",
    "{{ link.missing | default('d<') }}{{ nothing | default(name) }}",
    "{% for l in links %}{{ loop.index }}{{ l.title }}{% if not loop.last %}, {% endif %}{% endfor %}",
    "{% for l in () %}x{% else %}{{ name }}{% endfor %}",
    "{% set x = {'a': name} %}{{ x.a }}{% set y = name ~ safe %}{{ y }}",
    "{% extends 'base.html' %}{% block a %}{{ super() }}{{ link.title }}{% endblock %}",
    "{% import 'macros.html' as ms %}{{ ms.m(name) }}{% call ms.m(safe) %}{{ name }}{% endcall %}",
    "{% from 'macros.html' import m %}{{ m(link.title) }}{% include 'part.html' %}",
    "{% macro own(x, y='<') %}{{ x }}{{ y }}{% endmacro %}{{ own(name) }}{{ own(x=safe, y=1) }}",
    "{% macro m(x, class='<', y='') %}{{ x }}{{ class }}{{ y }}{% endmacro %}{{ m(name, class=1) }}{{ m(2, y=2) }}{{ m(3) }}",
    "{% macro m(x) %}{{ x }}{{ varargs }}{{ kwargs['b'] }}{% endmacro %}{{ m(1, name, b=safe) }}{{ m(*[1, 2], **{'b': 3}) }}",
    "{% macro m(x, z='<') %}<i>{{ x }}{{ z }}{% endmacro %}{{ m(m(name)) }}{% autoescape false %}{% set y = m(name) %}{{ y }}{{ y | e }}{{ m(m(name)) }}{% endautoescape %}",
    "{% autoescape false %}{% macro m(x) %}<i>{{ x }}{% endmacro %}{% autoescape true %}{{ m(name) }}{% set y = m %}{{ y(safe) }}{% endautoescape %}{% endautoescape %}",
    "{% macro m(x, y) %}{% for l in links %}{{ caller(l.title) }}{% endfor %}{{ y is defined }}{% endmacro %}{% call(t) m(1) %}{{ t }}{% endcall %}",
    "{% set n = namespace(x=1) %}{% set n.x = name %}{{ n.x }}{% set j = joiner('<') %}{{ j() }}{{ j() }}{{ dict(a=safe)['a'] }}",
    "{% for l in links %}{{ loop.cycle('<', safe) }}{{ loop.changed(number) }}{% endfor %}{{ range(2) | list }}",
    "{% filter upper %}{{ name }}{% endfilter %}{{ '<' | safe }}{{ name | length }}",
    "{% autoescape false %}{{ name }}{% endautoescape %}{{ name }}",
    "{% with x = name %}{{ x }}{% endwith %}{{ [name, safe] | join('<') }}",
    "{% for l in links %}{% shared l.path %}{{ l.title }}{% set z = 1 %}{% endshared %}{% endfor %}",
    "{% for i in (1, 2, 1) %}{% shared (i, name) %}{{ i }}{{ name }}{% endshared %}{% endfor %}",
    "{{ name.upper() }}{{ link.title.replace('T', '&') }}{{ '%s' | format(name) }}",
    "before {{ name }}{% extends 'base.html' %}after{% block b %}{{ self.a() }}!{% endblock %}",
    "{% if number > 2 %}{% extends 'base.html' %}{% endif %}{{ name }}{% block a %}A{% endblock %}",
    "{% if number > 3 %}{% extends 'base.html' %}{% endif %}{{ name }}{% block a %}A{% endblock %}",
    "{% for l in links %}{% block a scoped %}{{ l.title }}{% endblock %}{% endfor %}",
    "{% include 'none.html' ignore missing %}{% include ['none.html', 'part.html'] %}{{ name }}",
    "{% for l in links %}{% include 'macros.html' without context %}{{ l.title }}{% endfor %}",
    "{% set l = links[1] %}{% with link = l %}{% include 'part.html' ignore missing %}{% endwith %}",
    "{% for n in [[1, [2]], [3]] recursive %}[{% if n is iterable %}{{ loop(n) }}{% else %}{{ n }}{% endif %}]{% endfor %}",
    "{% set x %}{{ name }}<i>{% include 'part.html' %}{% endset %}{{ x }}{% filter upper %}{% block a %}a<{% endblock %}{% endfilter %}",
    "{% macro m() %}{% include 'part.html' %}{% shared 1 %}{{ number }}{% endshared %}{% endmacro %}{{ m() }}{{ m() }}",
    "{% extends 'base.html' %}{% block a %}{% for l in links %}{% include 'part.html' %}{% endfor %}{% endblock %}",
    "{{ none or name }}{{ number if number > 2 else name }}{{ 'a' 'b' }}",
    "{% macro m(x) %}1{{ x }}{% endmacro %}{{ m(1) }}{% macro m(x) %}2{{ x }}{% endmacro %}{{ m(1) }}",
    "{% if number > 3 %}{% macro m() %}a{% endmacro %}{% else %}{% macro m() %}b{% endmacro %}{% endif %}{{ m() }}",
    "{% set m = 'no macro' %}{% extends 'calls.html' %}{% block a %}{{ name }}{% endblock %}",
    "{% macro m() %}mine{% endmacro %}{% include 'calls.html' %}{% from 'uses.html' import m as other with context %}{{ other() }}",
]
# Macros of templates that extend others, and what each makes of "a&".
OVERRIDDEN = [
    ("{% import 'pieces.html' as p %}{{ p.outer(text) }}", "<[a&amp;]>"),
    ("{% import 'own-pieces.html' as p %}{{ p.outer(text) }}{{ p.inner(text) }}", "<(a&amp;.)>(a&amp;.)"),
    ("{% from 'own-pieces.html' import outer as o, inner %}{{ o(text) }}{{ inner(text) }}", "<(a&amp;.)>(a&amp;.)"),
    ("{% from 'third-pieces.html' import outer %}{{ outer(text) }}", "<(a&amp;.)!>"),
    ("{% import 'own-pieces.html' as p with context %}{{ p.outer(text) }}", "<(a&amp;.)>"),
    ("{% extends 'calls.html' %}{% macro m() %}mine{% endmacro %}{% block a %}, {{ m() }}{% endblock %}", "mine, mine"),
]  # fmt: skip


@pytest.fixture(autouse=True, scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep compiled templates in a folder of these tests, or another version's might be taken."""
    before, tempfile.tempdir = tempfile.tempdir, str(tmp_path_factory.mktemp("compiled"))
    yield
    tempfile.tempdir = before


def templates(body: str) -> Templates:
    sources = {**OTHERS, "page.html": body}
    names = (*sources, "harbour/base.html", "harbour/part.html", "harbour/parts.html")
    theme = Theme({n: Path(n) for n in sources}, sources, {}, "", names)
    return Templates(theme, {"title_of": lambda value: value.title}, ENGLISH)


def plainly(body: str, given: dict[str, Any]) -> str:
    """Return what Jinja itself makes of a template."""
    environment = Environment(
        loader=DictLoader({**OTHERS, "page.html": body}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=[Shared],
    )
    return environment.get_template("page.html").render(given)


@pytest.mark.parametrize("body", BODIES)
def test_a_template_says_what_jinja_says(body: str) -> None:
    made = templates(body)
    assert ["".join(made.render(PAGE, GIVEN)) for _ in range(2)] == [plainly(body, GIVEN)] * 2
    has_keys_or_gaps = any(part in body for part in ("table.", ".missing", "x.a", "self."))
    assert bool(made.standard_only) == has_keys_or_gaps  # only those need Jinja's own code


@pytest.mark.parametrize("is_standard", [False, True])
@pytest.mark.parametrize(("body", "expected"), OVERRIDDEN)
def test_a_template_overrides_single_macros_of_the_one_that_it_extends(
    body: str, expected: str, is_standard: bool
) -> None:
    made = templates(body)
    render = made._render_with_jinja if is_standard else made.render
    assert "".join(render(PAGE, {"name": "Ada", "text": "a&"})) == expected
    assert not made.standard_only


@pytest.mark.parametrize("is_standard", [False, True])
def test_pages_at_any_depth_share_a_fragment_with_addresses_of_their_own(is_standard: bool) -> None:
    body = "{% macro link(l, page) %}{{ page.root }}{{ l.path }}{% endmacro %}{% for l in links %}{% shared l.title on page %}"
    made = templates(
        f"{body}{{{{ link(l, page) }}}}&{{% endshared %}} {{{{ page.root }}}}{{% endfor %}}"
    )
    render = made._render_with_jinja if is_standard else made.render
    deep = Page("a/b/c.html", "page.html", contexts.EmptyContext(), "another page")
    expected = ["1& 2& ", "../../1& ../../../../2& ../../", "1& 2& "]
    assert [
        "".join(render(page, {**GIVEN, "page": page})) for page in (PAGE, deep, PAGE)
    ] == expected
    environment = made.standard if is_standard else made.fast
    assert environment is not None
    (extension,) = environment.extensions.values()
    assert isinstance(extension, Shared)
    assert len(extension.fragments) == 2
    assert not made.standard_only


def test_a_fragment_knows_only_the_root_of_the_pages_that_share_it() -> None:
    made = templates("{% shared 1 on page %}{{ page.path }}{% endshared %}")
    with pytest.raises(ThemeError, match="AnyPage has no field path"):
        made.render(PAGE, {"page": PAGE})


@given(text=st.text(alphabet="a<>&\"' \xa0é", max_size=5))
def test_any_text_is_escaped_as_jinja_does(text: str) -> None:
    assert "".join(templates("{{ name }}").render(PAGE, {"name": text})) == plainly(
        "{{ name }}", {"name": text}
    )


IN_WORDS = [
    ("{{ nothing }}", 1, "there is no variable nothing", "correct the template."),
    ("{{ nmae }}", 1, "there is no variable nmae", "did you mean name?"),
    ("{% import 'uses.html' as uses %}\n{{ uses.m() }}", 1, "there is no variable name, called in page.html:2",
     "give it to the macro: name is a variable of the page alone."),
    ("a\n{{ link.titel }}", 2, "Link has no field titel", "did you mean title?"),
    ("{{ link.xyz }}", 1, "Link has no field xyz", "see Link in docs/theme-reference.md."),
    ("{% import 'macros.html' as parts %}\n{{ parts.mm(1) }}", 2, "macros.html has no macro mm", "did you mean m?"),
    ("{% import 'macros.html' as parts %}{{ parts.x }}", 1, "macros.html has no macro x", "it has: m."),
    ("{% import 'part.html' as p with context %}{{ p.x() }}", 1, "part.html has no macro x", "it has none."),
    ("{{ fields.sail }}", 1, "the front matter has no field sail", "it has: boat, crew."),
    ("{{ fields.bota }}", 1, "the front matter has no field bota", "did you mean boat?"),
    ("{{ table.valeu }}", 1, "the mapping has no field valeu", "did you mean value?"),
    ("{{ none.title }}", 1, "none has no field title", "correct the template."),
    ("{{ links[7].title }}", 1, "a list has no element 7", "correct the template."),
    ("{{ number | title_of }}", 1, "a number has no field title", "correct the template."),
    ("{% include 'gone.html' %}", 1, "there is no template gone.html", "write it, or name another."),
    ("{{ name }}\n{% include 'prt.html' %}", 2, "there is no template prt.html", "did you mean part.html?"),
    ("{% include ['prt.html', 'bse.html'] %}", 1, "there is no template prt.html or bse.html",
     "did you mean part.html or base.html?"),
    ("\n{% extends 'harbor/base.html' %}", 2, "there is no template harbor/base.html", "did you mean harbour/base.html?"),
    ("{% extends 'oak/base.html' %}", 1, "there is no template oak/base.html", "did you mean harbour/base.html?"),
    ("{% extends 'harbor/part.html' %}", 1, "there is no template harbor/part.html", "did you mean harbour/part.html?"),
    ("{% macro own(x) %}\n{{ x.y }}{% endmacro %}\n{% for l in links %}\n{{ own(l) }}{% endfor %}", 2,
     "Link has no field y", "see Link in docs/theme-reference.md."),
    ("{% from 'macro.html' import m %}", 1, "there is no template macro.html", "did you mean macros.html?"),
    ("a\n{% from 'macros.html' import m, mm as other %}", 2, "macros.html has no macro mm", "did you mean m?"),
    ("{% extends 'base.html' %}\n{% from 'own-pieces.html' import inne with context %}", 2,
     "own-pieces.html has no macro inne", "did you mean inner?"),
    ("{% block a %}\n{% from 'part.html' import x with context %}{% endblock %}", 2, "part.html has no macro x", "it has none."),
    ("{{ 1 / 0 }}", 1, "ZeroDivisionError: division by zero", "correct the template."),
    ("\n{% if %}", 2, "TemplateSyntaxError: Expected an expression, got 'end of statement block'", "correct the template."),
]  # fmt: skip


@pytest.mark.parametrize("is_standard", [False, True])
@pytest.mark.parametrize(("body", "line", "what", "hint"), IN_WORDS)
def test_what_fails_is_said_in_the_words_of_the_reference(
    body: str, line: int, what: str, hint: str, is_standard: bool
) -> None:
    made = templates(body)
    fields = MappingProxyType({"boat": "Ida", "crew": 3})
    given = {**GIVEN, "fields": fields, "table": {"value": 1}}
    render = made._render_with_jinja if is_standard else made.render
    with pytest.raises(ThemeError) as caught:
        render(PAGE, given)
    error = caught.value
    assert (error.message, error.hint) == (f"{what} (while making a.html)", hint)
    assert error.location == f"{'uses' if 'uses' in body else 'page'}.html:{line}"


def test_jinja_still_has_what_the_template_compiler_overrides() -> None:
    generators = (MacroCodeGenerator, FastCodeGenerator)
    own = {name: f for g in generators for name, f in vars(g).items() if inspect.isfunction(f)}
    for name in ("_write_fragment", "_is_macro_output", "_is_macro"):  # the methods that are new
        del own[name]
    for name, value in own.items():
        theirs = inspect.signature(getattr(CodeGenerator, name)).parameters
        assert [*inspect.signature(value).parameters] == [*theirs], name
    source = Environment().compile("{% extends 'a' %}{% block b %}{% endblock %}", raw=True)
    assert template_compiler._PARENT in source
    assert "if 0: yield None" in source
    assert "included_template = " in Environment().compile("{% from 'a' import b %}", raw=True)


def test_templates_render_where_compiled_code_cannot_be_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    assert "".join(templates("{{ name }}").render(PAGE, {"name": "Ada"})) == "Ada"


def test_code_of_another_template_by_that_name_is_not_taken() -> None:
    assert "".join(templates("one {{ name }}").render(PAGE, {"name": "Ada"})) == "one Ada"
    assert "".join(templates("two {{ name }}").render(PAGE, {"name": "Ada"})) == "two Ada"
