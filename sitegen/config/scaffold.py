"""Scaffold a new site: sitegen.toml, a first page, .gitignore and a publishing workflow."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from sitegen import files
from sitegen.config import git_attributes, install_source
from sitegen.errors import UsageError

CONFIG_FILE = "sitegen.toml"


def start(folder: Path) -> Iterator[tuple[Path, bool]]:
    """Write a site's first files; yield each path, and whether it was written.

    Existing files are left as they are. Raises UsageError if there is a site already, OSError.
    """
    if (folder / CONFIG_FILE).exists():
        raise UsageError(
            "there is a site already", path=folder / CONFIG_FILE, hint="choose another folder."
        )
    if folder.exists() and not folder.is_dir():
        raise UsageError("not a folder", path=folder, hint="choose another name.")
    for name, text in first_files().items():
        path = folder / name
        if is_new := not os.path.lexists(path):
            files.write(path, text.encode(), folder)
        yield path, is_new


def first_files() -> dict[str, str]:
    """Return the texts of a new site's files by name."""
    return {
        CONFIG_FILE: CONFIG,
        "content/about.md": ABOUT,
        f"content/{git_attributes.NAME}": git_attributes.TEXT,
        ".gitignore": GITIGNORE,
        ".github/workflows/pages.yml": workflow(install_source.requirement()),
    }


def workflow(requirement: str | None) -> str:
    """Return the workflow, which installs this sitegen or fails if its source is unknown."""
    install = INSTALL.replace("REQUIREMENT", requirement) if requirement else STOP
    return WORKFLOW.replace("INSTALL\n", install)


CONFIG = """\
# The settings of this site. A line that begins with "#" shows the default; remove the "#"
# to set another value. Paths are relative to this file.

[site]
# title = ""               # without one, the site has its owner's name
# description = ""
# language = "en"          # of the pages' own words (BCP 47)
# base_url = ""            # for feeds, sitemap and previews: "https://example.org/archive/"
# account = ""             # whose archive it is: "ada.example"
# footer = ""

[paths]
# content = "content"
# output = "public"
# static = "static"        # files that are copied as they are
# templates = "templates"  # templates that override the theme's
# cache = ".sitegen"       # may be deleted at any time
# inbox = "inbox"          # put media here that an export lacked, then: sitegen media

[theme]
# name = "default"         # or "ink", or one of your own in themes/

[theme.variables]
# color-link = "#0a6"      # any CSS variable of the theme

[build]
# page_size = 50           # threads on a page of a listing
# thread_size = 500        # posts on a page of a thread
# feed_size = 20           # threads in a feed, but that of a tag
# jobs = 0                 # processes; 0: one per processor
# post_pages = true        # a page of its own for every post of a thread
# tag_pages = true
# profile_pages = true
# date_pages = true
# people_pages = true      # who is mentioned
# host_pages = true        # which sites are linked to
# site_feeds = true
# json_feeds = "site"      # JSON Feed beside Atom: of the "site", of "all" feeds, of "none"
# tag_feeds = true
# tag_feed_threads = 5     # threads from which on a tag has feeds
# tag_feed_size = 10       # threads in the feed of a tag
# profile_feeds = true
# sitemap = true           # needs base_url
# image_sizes = true       # smaller versions of pictures: pip install "sitegen-archive[images]"
# image_widths = [640, 1280]
# image_format = "webp"    # or "avif": smaller files, not for old browsers

[import]
# account = ""             # account to assume when a source names none; else that of [site]
# vanished = "keep"        # posts that a full export no longer has: "keep", "mark" or "purge"
# crossposts = "keep"      # "merge": the same thread of several networks is shown once

[bluesky]                  # services for imports of live accounts
# resolver = "https://public.api.bsky.app"
# plc = "https://plc.directory"
"""

ABOUT = """\
---
title: "About this archive"
---

These posts were written elsewhere, and are kept here.

Say who you are, which time the archive spans, and what you left out. Every Markdown file
in `content/` that is no thread and no profile becomes a page like this one.
"""

GITIGNORE = """\
/public/
/.sitegen/
"""

INSTALL = """\
      # The sitegen that created this site; change it here when you update sitegen.
      - run: pip install "$SITEGEN"
        env:
          SITEGEN: "REQUIREMENT"
"""

STOP = """\
      # Say here which sitegen to install: it is unknown where the one that created this site came
      # from. Then delete the "Fill in" step.
      # - run: pip install "sitegen-archive @ git+https://HOST/OWNER/NAME@COMMIT"
      - name: Fill in
        run: echo "::error::say in .github/workflows/pages.yml which sitegen to install"; exit 1
"""

WORKFLOW = """\
# Builds this site and publishes it on GitHub Pages at every push.
# In the repository's settings, choose Pages > Source: GitHub Actions.
name: Publish

on:
  push:
    branches: [main]
  workflow_dispatch:

permissions:
  contents: read

concurrency:
  group: pages
  cancel-in-progress: false # a deployment that has begun is let end

jobs:
  build:
    runs-on: ubuntu-latest
    permissions:
      contents: read
      pages: read
    steps:
      - uses: actions/checkout@v6
      - uses: actions/setup-python@v6
        with:
          python-version: "3.13"
      - id: pages
        uses: actions/configure-pages@v6
INSTALL
      - run: sitegen build --strict --base-url "$BASE_URL"
        env:
          BASE_URL: ${{ steps.pages.outputs.base_url }}
      - uses: actions/upload-pages-artifact@v5
        with:
          path: public

  deploy:
    needs: build
    runs-on: ubuntu-latest
    permissions:
      pages: write
      id-token: write
    environment:
      name: github-pages
      url: ${{ steps.deployment.outputs.page_url }}
    steps:
      - id: deployment
        uses: actions/deploy-pages@v5
"""
