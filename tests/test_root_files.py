"""Files for the top of the site: copied as they are, hidden ones too, and never over a page."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_build import cold, site, thread
from trees import tree

from sitegen.cli import watch
from sitegen.config.schema import Config
from sitegen.errors import AddressError
from sitegen.preview import static_files
from sitegen.site import build as builds
from sitegen.site import clean
from sitegen.site.output_folder import MANIFEST

OWN = {
    "CNAME": b"ada.example\n",
    ".well-known/security.txt": b"Contact: https://ada.example/\n",
    ".htaccess": b"Options -Indexes\n",
    "favicon.ico": b"\0\1",
}
LEFT = (
    ".DS_Store", "Thumbs.db", ".git/HEAD", ".gitignore", ".well-known/.gitkeep", "CNAME~", ".CNAME.swp",
    ".#CNAME", "#CNAME#", "._CNAME", "CNAME.sitegen-partial", "4913", ".hg/store",
)  # fmt: skip


def put(config: Config, files: dict[str, bytes]) -> None:
    """Write files into the folder of root files."""
    for name, data in files.items():
        path = config.root_files / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def made(config: Config) -> dict[str, bytes]:
    """Return the site as a first build makes it, without the list of its files."""
    return {name: data for name, data in cold(config).items() if name != MANIFEST}


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Return a site with one thread."""
    return site(tmp_path, thread("a", "Fog"))


def test_own_files_are_copied_to_the_top_and_nothing_else_changes(config: Config) -> None:
    without = made(config)
    put(config, OWN | dict.fromkeys(LEFT, b"not for readers"))
    assert made(config) == without | OWN


def test_a_change_writes_one_file_and_a_removed_file_leaves_the_site(config: Config) -> None:
    put(config, OWN)
    builds.build(config)
    put(config, {"CNAME": b"archive.ada.example\n"})
    assert builds.build(config).written == ("CNAME",)
    assert tree(config.output).items() >= (OWN | {"CNAME": b"archive.ada.example\n"}).items()
    (config.root_files / ".well-known/security.txt").unlink()
    report = builds.build(config)
    assert (report.written, report.removed) == ((), (".well-known/security.txt",))
    assert not (config.output / ".well-known").exists()


def test_clean_deletes_the_copies_and_keeps_the_files(config: Config) -> None:
    put(config, OWN)
    builds.build(config)
    list(clean.clean(config))
    assert not config.output.exists()
    assert tree(config.root_files) == OWN


@pytest.mark.parametrize("name", ["robots.txt", "404.html", ".nojekyll"])
def test_an_own_file_replaces_the_one_for_hosts(config: Config, name: str) -> None:
    generated = made(config)
    put(config, {name: b"Mine"})
    assert made(config) == generated | {name: b"Mine"}
    builds.build(config)
    (config.root_files / name).unlink()
    builds.build(config)
    assert tree(config.output)[name] == generated[name]


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("index.html", "the index"),
        ("INDEX.HTML", "the index"),
        ("Robots.txt", "robots.txt"),
        ("feed.xml", "the feed of index.html"),
        ("date", "the year 2024"),
        ("dates.html/x", "the list of years"),
    ],
)
def test_two_claims_to_an_address_are_an_error_that_names_both(
    config: Config, name: str, other: str
) -> None:
    put(config, {name: b"Mine"})
    with pytest.raises(AddressError) as caught:
        builds.build(config)
    own = f"the file {config.root_files / name}"
    address = name.partition("/")[0]
    assert caught.value.message == f"{own} and {other} both claim {address}"
    assert caught.value.hint == "rename one of them."
    assert not config.output.exists()


@pytest.mark.parametrize(
    "name", [".sitegen-manifest", ".Sitegen-Manifest", "a\nb", ".sitegen-manifest/x"]
)
def test_a_name_that_sitegen_needs_or_no_address_has_is_refused(config: Config, name: str) -> None:
    put(config, {name: b""})
    with pytest.raises(AddressError) as caught:
        builds.build(config)
    assert str(config.root_files) in str(caught.value.path)
    assert caught.value.hint


def test_a_link_is_left_out_with_a_warning(config: Config, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    put(config, OWN)
    (config.root_files / "secret.txt").symlink_to("../secret")
    (config.root_files / "folder").symlink_to("..")
    report = builds.build(config)
    assert [w.partition(": ")[0] for w in report.warnings] == [
        str(config.root_files / "folder"), str(config.root_files / "secret.txt"),
    ]  # fmt: skip
    assert b"secret" not in b"".join(tree(config.output).values())


def test_another_folder_may_be_named(tmp_path: Path) -> None:
    config = site(tmp_path, thread("a", "Fog"), toml='[paths]\nroot = "top"\n')
    (tmp_path / "top").mkdir()
    (tmp_path / "top/CNAME").write_text("ada.example")
    builds.build(config)
    assert (config.output / "CNAME").read_text() == "ada.example"


def test_the_preview_serves_hidden_files(config: Config) -> None:
    put(config, OWN)
    builds.build(config)
    found = static_files.locate(config.output, "/.well-known/security.txt")
    assert found
    assert found.file.read_bytes() == OWN[".well-known/security.txt"]


def test_the_preview_watches_every_folder_that_a_build_reads(config: Config) -> None:
    def ignore(message: object) -> None:
        pass

    site = watch._WatchedSite(lambda: config, False, watch.Reporter(ignore, ignore, ignore))
    written = {config.output, config.cache, config.inbox}
    folders = {config.root / name for name in config.paths} - written
    assert folders <= {*site.watched()}
