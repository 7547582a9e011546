"""The project keeps to what its own files say: dependencies, extras, documents, workflows."""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
import yaml
from generators import test_other_generators as generators
from importers.bluesky_writer import DID, post, repository, tid
from statements import imports
from typer.main import get_command

from sitegen.cli.app import app
from sitegen.config import settings as configs
from sitegen.config.schema import TABLES
from sitegen.site import build as builds
from sitegen.text.charset_repair import damage

PROJECT = Path(__file__).parent.parent
FACTS: dict[str, Any] = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
DOCUMENTS = [*PROJECT.glob("*.md"), *PROJECT.glob("docs/*.md")]
# Needed, though nothing of ours imports it: who does.
BEHIND = {"websockets": "uvicorn", "html5lib": "beautifulsoup4", "tzdata": "zoneinfo"}
BEHIND_TESTS = {"pytest-xdist": "pytest"}


def normal(name: str) -> str:
    """Return a distribution's name as PEP 503 compares it, without its version."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\s<>=!~;\[]", name, maxsplit=1)[0]).lower()


installed = cache(packages_distributions)  # reads the files of all distributions


def imported(folder: str) -> set[str]:
    """Return the distributions that a folder's modules import, wherever the import stands."""
    own = {"sitegen", "_typeshed"}  # the latter is the type checker's alone
    own |= {name for p in PROJECT.glob("tests/**/*.py") for name in (p.stem, p.parent.name)}
    names = set()
    for path in (PROJECT / folder).rglob("*.py"):
        for node in imports(path.read_text("utf-8")):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif node.level == 0 and node.module:
                names.add(node.module.split(".")[0])
    known = installed()
    return {normal(known[name][0]) for name in names - own - sys.stdlib_module_names}


@pytest.mark.slow
def test_what_sitegen_imports_is_what_it_depends_on() -> None:
    extras = FACTS["optional-dependencies"]
    needed = {
        normal(d)
        for d in (*FACTS["dependencies"], *extras["cluster"], *extras["images"], *extras["topics"])
    }
    assert imported("sitegen") | set(BEHIND) == needed


@pytest.mark.slow
def test_what_the_tests_import_is_what_their_extra_has() -> None:
    extra = {normal(d) for d in FACTS["optional-dependencies"]["test"]}
    tested = imported("tests") - {normal(d) for d in FACTS["dependencies"]}
    assert tested | set(BEHIND_TESTS) == extra


@pytest.mark.slow
def test_a_browser_that_is_needed_and_missing_fails_the_run() -> None:
    command = [sys.executable, "-m", "pytest", "-q", "--collect-only", "-p", "no:cacheprovider"]
    where = {"PATH": "", "SITEGEN_NEEDS": "browser"}
    done = subprocess.run(
        [*command, "tests/preview/test_preview_browser.py"], cwd=PROJECT,
        env={**os.environ, **where}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 4
    assert "there is no chromium" in done.stderr


def test_the_settings_page_lists_every_setting_with_its_default() -> None:
    rows = re.findall(r"(?m)^\| `\[(\w+)\]` `(\w+)` \| `([^`]*)` \|", document("docs/settings.md"))
    shown = {(table, key): value for table, key, value in rows}
    assert shown == {
        (table, name): written(default)
        for table, (_, kind) in TABLES.items()
        for name, default in kind()._asdict().items()
    }


def test_the_readme_shows_the_two_commands_first() -> None:
    commands = blocks("README.md", "sh")
    assert commands[0] == "pip install . && sitegen build\n"
    assert commands[1] == 'pip install ".[test]" && pytest\n'


def test_links_of_the_documents_lead_somewhere() -> None:
    for page in DOCUMENTS:
        text = re.sub(r"(?s)```.*?```|`[^`\n]*`", "", page.read_text("utf-8"))
        links = re.findall(r"\]\(([^)\s]+)\)|(?:src|srcset)=\"([^\"]+)\"", text)
        for target in (inline or attribute for inline, attribute in links):
            path, _, anchor = target.partition("#")
            if not re.match(r"[a-z]+:", path):
                place = page.parent / path if path else page
                assert place.exists(), (page.name, target)
                assert not anchor or anchor in anchors(place), (page.name, target)


def anchors(page: Path) -> set[str]:
    """Return the names that code hosts give to the headings of a page."""
    headings = re.findall(r"(?m)^#+ (.*)$", page.read_text("utf-8"))
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_page_of_the_documents_is_reached_from_the_readme() -> None:
    linked = re.findall(r"\]\((docs/[\w-]+\.md)\)", document("README.md"))
    assert {*linked} == {f"docs/{page.name}" for page in DOCUMENTS if page.parent.name == "docs"}


def test_commands_that_the_documents_show_exist_with_their_options() -> None:
    commands = get_command(app).commands  # type: ignore[attr-defined]
    for page in DOCUMENTS:
        for line in re.findall(r"(?:^|&& |\$ )sitegen (\w.*?)(?= &&|$)", shell(page), re.M):
            name, *arguments = shlex.split(line, comments=True)
            commands[name].make_context(name, arguments)  # raises what is wrong


def test_the_table_of_the_tree_has_every_folder_of_the_package() -> None:
    table = re.findall(r"(?m)^\| (`sitegen/.*?) \|", document("CONTRIBUTING.md"))
    named = {name for row in table for name in re.findall(r"`sitegen/([^`]+)`", row)}
    package = PROJECT / "sitegen"
    folders = {path.parent.relative_to(package) for path in package.rglob("*/__init__.py")}
    not_inside_a_source = {f for f in folders if f.parts[0] != "sources" or len(f.parts) <= 2}
    modules = {path.name for path in package.glob("*.py") if path.name[0] != "_"}
    assert named == {f"{folder.as_posix()}/" for folder in not_inside_a_source} | modules


def test_paths_that_the_developers_documents_name_exist() -> None:
    for name in ("CONTRIBUTING.md", "docs/architecture.md"):
        prose = re.sub(r"(?s)```.*?```", "", document(name))
        for path in re.findall(r"`((?:sitegen|site|tests|themes|docs)/[^`\s]+)`", prose):
            below = PROJECT / "sitegen" if path.startswith("site/") else PROJECT
            is_invented = re.search(r"[A-Z]{3}|tumblr", path)
            assert is_invented or (below / path).exists(), path


def test_other_generators_are_tested_with_the_settings_of_the_documents() -> None:
    (hugo,) = blocks("docs/exchange-format.md", "toml")
    assert tomllib.loads(hugo).items() <= tomllib.loads(generators.HUGO).items()
    (pelican,) = blocks("docs/exchange-format.md", "python")
    shown: dict[str, object] = {}
    tested: dict[str, object] = {}
    exec(pelican, {}, shown)
    exec(generators.PELICAN, {}, tested)
    assert shown.items() <= tested.items()
    (eleventy,) = blocks("docs/exchange-format.md", "js")
    calls = re.findall(r"config\.add.*;", eleventy)
    assert calls == re.findall(r"config\.add.*;", generators.ELEVENTY_CONFIG)


def shell(page: Path) -> str:
    """Return the commands of a document."""
    named = str(page.relative_to(PROJECT))
    return "\n".join([*blocks(named, "sh"), *blocks(named, "console")])


# What each job may do; the token of one may not do more than its work needs.
ALLOWED = {
    "build": {"contents": "read", "pages": "read"},
    "deploy": {"pages": "write", "id-token": "write"},
    "test": {"contents": "read"},
    "everything": {"contents": "read"},
    "other-systems": {"contents": "read"},
}


def test_workflows_say_what_they_may_do() -> None:
    for path in (PROJECT / ".github/workflows").glob("*.yml"):
        workflow = yaml.safe_load(path.read_text("utf-8"))
        assert workflow["permissions"] == {"contents": "read"}, path
        for name, job in workflow["jobs"].items():
            assert job.get("permissions", {"contents": "read"}) == ALLOWED.get(name), path
            for step in job["steps"]:
                assert "${{" not in step.get("run", ""), path  # a value goes in as data
                for wanted in re.findall(r"pip3? install (.*)", step.get("run", "")):
                    assert re.fullmatch(r'"?\.(\[\w+\])?"?', wanted), path  # what is checked out
                assert re.fullmatch(r"actions/[a-z-]+@v\d+", step.get("uses", "actions/x@v1"))


def document(name: str) -> str:
    return (PROJECT / name).read_text("utf-8")


def written(value: object) -> str:
    """Return a default as the settings page writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return json.dumps(value)
    return f'"{value}"' if isinstance(value, str) else str(value)


PAGE = """The fog lifted at four — the dome was open by five past.
15.09.2025 05:12 — 👍 12    🔁 2    💬 0    📌 0
A notebook page with nineteen small bats drawn in pencil.
And here they are, every one of them drawn from memory. 🦇
14.09.2025 22:41 — 👍 18    🔁 1    💬 0    📌 0
Second night of fog. We counted the bats instead: “nineteen”, says Mara.
14.09.2025 22:40 — 👍 31    🔁 4    💬 1    📌 0
Beautiful work by @keeper.example tonight, and tea for everyone.
02.03.2021 20:00 — 👍 25    🔁 4    💬 3    📌 0
Small museum of weather instruments. Open on Sundays.
Poet, gardener, night owl 🦉
"""


def answer(key: str) -> dict[str, Any]:
    """Return what makes a post answer another of the account."""
    place = {"uri": f"at://{DID}/app.bsky.feed.post/{key}", "cid": "x"}
    return {"root": place, "parent": place}


def blocks(name: str, language: str) -> list[str]:
    """Return a document's blocks of a language."""
    return re.findall(rf"(?s)```{language}\n(.*?)```", document(name))


RECORDS = {
    f"app.bsky.feed.post/{tid(1)}": post("Fog until noon."),
    f"app.bsky.feed.post/{tid(2)}": post("The fog has lifted.", reply=answer(tid(1))),
    f"app.bsky.feed.repost/{tid(3)}": {
        "$type": "app.bsky.feed.repost",
        "subject": {"uri": "at://did:plc:other/app.bsky.feed.post/3kother222222", "cid": "x"},
        "createdAt": "2025-06-01T00:00:00Z",
    },
    f"app.bsky.feed.like/{tid(4)}": {"$type": "app.bsky.feed.like", "createdAt": "2025-06-01T00:00:00Z"},
    f"app.bsky.graph.follow/{tid(5)}": {"$type": "app.bsky.graph.follow", "subject": "did:plc:other"},
    "app.bsky.actor.profile/self": {"$type": "app.bsky.actor.profile", "displayName": "The keeper"},
}  # fmt: skip


@pytest.mark.slow
def test_the_importing_page_shows_what_an_import_really_prints(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(damage(PAGE, "cp1252"), "utf-8")
    (tmp_path / "keeper.car").write_bytes(repository(RECORDS))
    shown = [block.split("\n", 1) for block in blocks("docs/importing.md", "console")]
    assert len(shown) == 2
    for number, (command, said) in enumerate(shown):
        site = tmp_path / str(number)
        site.mkdir()
        run = [sys.executable, "-m", *command.removeprefix("$ ").split()]
        run[4] = f"../{run[4]}"
        done = subprocess.run(
            run, cwd=site, capture_output=True, text=True, encoding="utf-8", check=True
        )
        assert done.stdout.replace("../", "") == said


def test_the_variables_and_template_and_thread_of_the_documents_build(tmp_path: Path) -> None:
    thread = blocks("docs/editing.md", "markdown")[0]
    for name, text in {
        "sitegen.toml": blocks("docs/themes.md", "toml")[0],
        "templates/404.html": blocks("docs/themes.md", "html")[0],
        "content/threads/2024/a.md": thread,
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    builds.build(configs.load(tmp_path / "sitegen.toml"))
    assert "Perhaps among the" in (tmp_path / "public/404.html").read_text("utf-8")
    assert "The heron is back" in (tmp_path / "public/thread/bluesky-3ka.html").read_text("utf-8")
    css = (tmp_path / "public/static/variables.css").read_text("utf-8")
    assert "--color-link: light-dark(#7a1f1f, #f0a8a8);" in css
