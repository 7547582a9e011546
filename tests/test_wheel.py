"""The wheel: what it carries, and that it builds the same bytes from any folder."""

from __future__ import annotations

import os
import shutil
import site
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
from trees import differences, tree

from sitegen.config import settings as configs
from sitegen.site import build as builds

PROJECT = Path(__file__).parent.parent

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy of the project's files, as pip does from a checkout."""
    source = tmp_path_factory.mktemp("source") / "project"
    source.mkdir()
    for name in ("sitegen", "themes"):
        shutil.copytree(PROJECT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(PROJECT / name, source)
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--no-deps",
        "-q",
        "-w",
        str(folder),
        str(source),
    ]
    subprocess.run(command, check=True)
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def command(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into an environment of its own; its dependencies are borrowed."""
    folder = tmp_path_factory.mktemp("installed") / "env"
    venv.create(folder, with_pip=False, symlinks=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    pip = [sys.executable, "-m", "pip", "--python", str(folder)]
    subprocess.run([*pip, "install", "-q", "--no-deps", str(wheel)], check=True)
    # After the wheel's own files: what the borrowed folders say of sitegen comes too late.
    (packages / "borrowed.pth").write_text("\n".join(site.getsitepackages()) + "\n")
    return folder / "bin" / "sitegen"


def test_the_wheel_carries_what_is_not_python(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    carried = {f"sitegen/{p.relative_to(PROJECT).as_posix()}" for p in (PROJECT / "themes").rglob("*") if p.is_file()}  # fmt: skip
    assert carried <= names
    assert {"sitegen/preview/reload.js", "sitegen/py.typed"} <= names
    assert not [n for n in names if "__pycache__" in n or n.startswith(("tests/", "content/"))]
    assert any(n.endswith(".dist-info/licenses/LICENSE") for n in names)


def test_the_installed_command_builds_the_same_bytes_from_any_folder(
    command: Path, tmp_path: Path
) -> None:
    sample = tmp_path / "sample"
    shutil.copytree(PROJECT / "content", sample / "content")
    shutil.copy(PROJECT / "sitegen.toml", sample)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    run = [str(command), "build", "--strict", "-q", "-c", str(sample / "sitegen.toml")]
    subprocess.run(run, cwd=elsewhere, env=environment, check=True)
    where = [str(command.parent / "python"), "-c", "import sitegen; print(sitegen.__file__)"]
    used = subprocess.run(
        where, cwd=elsewhere, env=environment, check=True, capture_output=True, text=True
    )
    assert Path(used.stdout.strip()).is_relative_to(command.parent.parent)

    builds.build(configs.load(sample / "sitegen.toml", tmp_path / "checkout"))
    assert not differences(tree(sample / "public"), tree(tmp_path / "checkout"))
    assert "static/style.css" in tree(sample / "public")


def test_a_new_site_of_the_installed_command_builds(command: Path, tmp_path: Path) -> None:
    subprocess.run([str(command), "new", "-q", str(tmp_path / "moor")], check=True)
    subprocess.run([str(command), "build", "--strict", "-q"], cwd=tmp_path / "moor", check=True)
    assert (tmp_path / "moor/public/index.html").is_file()
