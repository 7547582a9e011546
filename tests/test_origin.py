"""A new site's workflow installs sitegen from where it came from, or stops: never a bare name."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from sitegen.config import install_source, scaffold

COMMIT = "0123456789abcdef0123456789abcdef01234567"
SHA = "ab" * 32
GIT = {"vcs": "git", "commit_id": COMMIT}


def installed(folder: Path, direct_url: object = None, installer: str = "pip") -> str | None:
    """Make up an installed sitegen, and return what the workflow is to install."""
    info = folder / "sitegen_archive-1.2.3.dist-info"
    info.mkdir(parents=True)
    (folder / "sitegen").mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: sitegen-archive\nVersion: 1.2.3\n")
    (info / "RECORD").write_text("")
    if installer:
        (info / "INSTALLER").write_text(f"{installer}\n")
    if direct_url is not None:
        text = direct_url if isinstance(direct_url, str) else json.dumps(direct_url)
        (info / "direct_url.json").write_text(text)
    return install_source.pin_requirement(folder / "sitegen", [str(folder)])


def at(url: str, **more: object) -> dict[str, object]:
    """Return a record of PEP 610."""
    return {"url": url, **more}


KNOWN: dict[str, tuple[object, str]] = {
    "a repository": (
        at("https://forge.example/ada/sitegen.git", vcs_info=GIT),
        f"git+https://forge.example/ada/sitegen.git@{COMMIT}",
    ),
    "a folder of a repository, at a branch": (
        at("https://forge.example/ada/all", vcs_info=GIT | {"requested_revision": "main"}, subdirectory="tools/sitegen"),
        f"git+https://forge.example/ada/all@{COMMIT}#subdirectory=tools/sitegen",
    ),
    "a repository that needed a key": (
        at("ssh://git@forge.example:2222/ada/sitegen.git", vcs_info=GIT),
        f"git+https://forge.example/ada/sitegen.git@{COMMIT}",
    ),
    "a repository that needed a password": (
        at("https://ada:secret@forge.example:8443/ada/sitegen", vcs_info=GIT),
        f"git+https://forge.example:8443/ada/sitegen@{COMMIT}",
    ),
    "an archive": (
        at("https://files.example/sitegen.whl", archive_info={"hashes": {"md5": "x", "sha256": SHA}}),
        f"https://files.example/sitegen.whl#sha256={SHA}",
    ),
    "an archive of an older installer": (
        at("https://files.example/sitegen.tar.gz", archive_info={"hash": f"sha256={SHA}"}),
        f"https://files.example/sitegen.tar.gz#sha256={SHA}",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", KNOWN)
def test_an_address_is_pinned_by_a_commit_or_a_hash(tmp_path: Path, name: str) -> None:
    record, address = KNOWN[name]
    assert installed(tmp_path, record) == f"sitegen-archive @ {address}"


@pytest.mark.parametrize("installer", sorted(install_source.INSTALLERS))
def test_an_index_is_trusted_for_the_exact_version(tmp_path: Path, installer: str) -> None:
    assert installed(tmp_path, installer=installer) == "sitegen-archive==1.2.3"


UNKNOWN: dict[str, object] = {
    "no json": "{",
    "deep": "[" * 100_000,
    "no object": [],
    "no url": {"vcs_info": GIT},
    "nothing but a url": at("https://forge.example/ada/sitegen"),
    "a branch for a commit": at("https://forge.example/a", vcs_info=GIT | {"commit_id": "main-branch"}),
    "no commit": at("https://forge.example/a", vcs_info={"vcs": "git"}),
    "no such thing": at("https://forge.example/a", vcs_info=GIT | {"vcs": "evil"}),
    "without tls": at("http://forge.example/a", vcs_info=GIT),
    "a local repository": at("file:///home/ada/sitegen", vcs_info=GIT),
    "no host": at("https:///a", vcs_info=GIT),
    "no port": at("https://forge.example:x/a", vcs_info=GIT),
    "an archive without a hash": at("https://files.example/a.whl", archive_info={}),
    "an archive with a weak hash": at("https://files.example/a.whl", archive_info={"hash": "md5=0123"}),
    "a local archive": at("file:///a.whl", archive_info={"hashes": {"sha256": SHA}}),
    "an archive behind a token": at("https://files.example/a.whl?token=x", archive_info={"hash": f"sha256={SHA}"}),
    "a folder that is not there": at("file:///no/such/folder", dir_info={"editable": True}),
    "a command": at('https://forge.example/$(id)"; id #', vcs_info=GIT),
    "a workflow's expression": at("https://forge.example/${{ secrets.A }}", vcs_info=GIT),
    "a line": at("https://forge.example/a\n- run: id", vcs_info=GIT),
    "a line in a folder": at("https://forge.example/a", vcs_info=GIT, subdirectory="a\n- run: id"),
    "another commit": at("https://forge.example/a@main", vcs_info=GIT),
}  # fmt: skip


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_pins_nothing_is_not_installed(tmp_path: Path, name: str) -> None:
    assert installed(tmp_path, UNKNOWN[name]) is None


@pytest.mark.parametrize("installer", ["", "debian", "conda"])
def test_who_may_not_have_asked_an_index_is_not_taken_for_one(
    tmp_path: Path, installer: str
) -> None:
    assert installed(tmp_path, installer=installer) is None


def test_modules_that_run_from_elsewhere_are_not_those_that_are_installed(tmp_path: Path) -> None:
    assert installed(tmp_path)
    assert install_source.pin_requirement(tmp_path / "clone/sitegen", [str(tmp_path)]) is None
    assert install_source.pin_requirement(tmp_path / "sitegen", [str(tmp_path / "empty")]) is None


@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
class TestFolder:
    """A folder is pinned by its commit where a remote has that."""

    @pytest.fixture
    def clone(self, tmp_path: Path) -> Path:
        """Return a clone with sitegen in a folder of it."""
        self.git(tmp_path, "init", "-q", "--bare", "-b", "main", "remote.git")
        self.git(tmp_path, "init", "-q", "-b", "main", "clone")
        clone = tmp_path / "clone"
        (clone / "tools").mkdir()
        for name in ("pyproject.toml", "tools/pyproject.toml"):
            (clone / name).write_text("[project]\n")
        self.git(clone, "add", "-A")
        self.git(clone, "commit", "-qm", "Begin")
        self.git(clone, "remote", "add", "origin", str(tmp_path / "remote.git"))
        self.git(clone, "push", "-q", "origin", "main")
        self.git(clone, "remote", "set-url", "origin", "git@forge.example:ada/sitegen.git")
        return clone

    def git(self, folder: Path, *words: str) -> str:
        """Run git as an invented person."""
        who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
        command = ["git", *who, "-C", str(folder), *words]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def wanted(self, folder: Path, source: Path) -> str | None:
        """Return what is wanted of a sitegen that was installed from a folder."""
        return installed(folder / "env", at(source.as_uri(), dir_info={"editable": True}))

    def test_its_remote_and_commit_are_named(self, clone: Path, tmp_path: Path) -> None:
        commit = self.git(clone, "rev-parse", "HEAD")
        address = f"git+https://forge.example/ada/sitegen.git@{commit}"
        assert self.wanted(tmp_path / "a", clone) == f"sitegen-archive @ {address}"
        below = f"sitegen-archive @ {address}#subdirectory=tools"
        assert self.wanted(tmp_path / "b", clone / "tools") == below

    def test_a_commit_that_nobody_else_has_is_not(self, clone: Path, tmp_path: Path) -> None:
        self.git(clone, "commit", "-q", "--allow-empty", "-m", "Not pushed")
        assert self.wanted(tmp_path, clone) is None

    def test_a_remote_that_is_a_folder_here_is_not(self, clone: Path, tmp_path: Path) -> None:
        self.git(clone, "remote", "set-url", "origin", str(tmp_path / "remote.git"))
        assert self.wanted(tmp_path, clone) is None

    def test_a_folder_that_only_lies_in_a_clone_is_not(self, clone: Path, tmp_path: Path) -> None:
        (clone / "unpacked").mkdir()
        (clone / "unpacked/pyproject.toml").write_text("[project]\n")
        assert self.wanted(tmp_path, clone / "unpacked") is None

    def test_a_folder_without_a_remote_is_not(self, clone: Path, tmp_path: Path) -> None:
        self.git(clone, "remote", "remove", "origin")
        assert self.wanted(tmp_path, clone) is None


def steps(requirement: str | None) -> list[dict[str, Any]]:
    """Return the steps that build, in a new site's workflow."""
    found = yaml.safe_load(scaffold.render_workflow(requirement))["jobs"]["build"]["steps"]
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize("name", KNOWN)
def test_a_workflow_installs_what_is_known(name: str) -> None:
    wanted = f"sitegen-archive @ {KNOWN[name][1]}"
    (install,) = [step for step in steps(wanted) if "pip install" in step.get("run", "")]
    assert install == {"run": 'pip install "$SITEGEN"', "env": {"SITEGEN": wanted}}


def test_a_workflow_that_knows_nothing_stops_before_it_installs_anything() -> None:
    commands = [step["run"] for step in steps(None) if "run" in step]
    assert commands[0].endswith("; exit 1")
    assert "::error::state in .github/workflows/pages.yml which" in commands[0]
    assert not [command for command in commands if "pip" in command]
    assert "# - run: pip install" in scaffold.render_workflow(None)


@pytest.mark.parametrize("requirement", [None, "sitegen-archive==1.2.3"])
def test_a_new_workflow_says_what_it_may_do(requirement: str | None) -> None:
    workflow = yaml.safe_load(scaffold.render_workflow(requirement))
    assert workflow["permissions"] == {"contents": "read"}
    assert {name: job["permissions"] for name, job in workflow["jobs"].items()} == {
        "build": {"contents": "read", "pages": "read"},
        "deploy": {"pages": "write", "id-token": "write"},
    }
    for job in workflow["jobs"].values():
        for step in job["steps"]:
            assert "${{" not in step.get("run", "")
            assert re.fullmatch(r"actions/[a-z-]+@v\d+", step.get("uses", "actions/x@v1"))


def test_no_file_of_a_new_site_installs_a_bare_name() -> None:
    for text in scaffold.first_files().values():
        for line in text.splitlines():
            found = re.search(r"(?<!# )(?<!: )\bpip3? install (.*)", line)
            assert not found or found[1] == '"$SITEGEN"', line
