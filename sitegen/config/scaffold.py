"""Scaffold a new site: sitegen.toml, a first page, .gitignore and a publishing workflow."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from sitegen import files
from sitegen.config import git_attributes, install_source
from sitegen.errors import UsageError

CONFIG_FILE = "sitegen.toml"


def create_site(folder: Path) -> Iterator[tuple[Path, bool]]:
    """Create the first files of a site; yield each path, and whether it was written.

    Existing files are not changed. Raises UsageError if there is a site already, OSError.
    """
    if (folder / CONFIG_FILE).exists():
        raise UsageError(
            "a site exists here already", path=folder / CONFIG_FILE, hint="choose another folder."
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
        ".github/workflows/pages.yml": render_workflow(install_source.pin_requirement()),
    }


def render_workflow(requirement: str | None) -> str:
    """Return the workflow; it installs the required sitegen, or fails if that is unknown."""
    install = INSTALL.replace("REQUIREMENT", requirement) if requirement else INSTALL_UNKNOWN
    return WORKFLOW.replace("INSTALL\n", install)


CONFIG = """\
# Settings of this site. A line that begins with "#" shows a default; to change the value,
# remove the "#". Paths are relative to this file.

[site]
# title = ""               # default: the name of the owner
# description = ""
# language = "en"          # of the text around the posts: ar, de, en, es, fr, ja or your own
# timezone = ""            # of dates: "Europe/Berlin"; default: as each post states it
# base_url = ""            # of the published site: "https://example.org/archive/"
# account = ""             # owner of the archive: "ada.example"
# footer = ""
# license = ""             # of the posts, for exports: "CC-BY-4.0", or the address of one
# front = ["posts", "threads"]                       # the kinds of posts on the front page
# show = ["posts", "threads", "replies", "reposts"]  # other kinds are left out

# [[people]]               # instead of account: whose posts these are, with all their accounts
#   name = "Ada Brook"
#   accounts = ["ada.example", "mastodon:ada@social.example"]
#   portrait = "media/ada.jpg"  # a file in content/

# [[collection]]           # a page of the posts that a query matches; as many as you like
#   title = "Eclipses"
#   query = "#eclipse -is:repost"

[paths]
# content = "content"
# output = "public"
# static = "static"        # files to copy unchanged into static/
# root = "root"            # files to copy to the top of the site: CNAME, .well-known/
# templates = "templates"  # templates that override the theme's
# messages = "messages"    # words that override sitegen's, one file a language
# cache = ".sitegen"       # you may delete it at any time
# inbox = "inbox"          # for media that an export lacks; then run: sitegen media

[theme]
# name = "default"         # or "gazette", "ink", or a folder in themes/

[theme.variables]
# color-link = "light-dark(#7a1f1f, #f0a8a8)"  # any CSS variable of the theme

[build]
# page_size = 50           # threads per page of a list
# thread_size = 500        # posts per page of a thread, at most
# feed_size = 20           # threads per feed, except that of a tag
# jobs = 0                 # processes; 0: one per CPU
# post_pages = true        # a page for every post of a thread
# tag_pages = true
# profile_pages = true
# date_pages = true
# people_pages = true      # people who are mentioned
# host_pages = true        # sites that posts link to
# kind_pages = true        # posts, threads, replies and reposts
# day_pages = true         # days of the year
# insights = true          # the archive in figures and pictures
# search = true            # the search and its index
# topics = true            # what the posts are about; finding topics needs the extra "topics"
# site_feeds = true
# json_feeds = "site"      # JSON Feed beside Atom: for the "site", "all" feeds or "none"
# tag_feeds = true
# tag_feed_threads = 5     # minimum number of threads for a tag to have feeds
# tag_feed_size = 10       # threads per feed of a tag
# profile_feeds = true
# sitemap = true           # requires base_url
# image_sizes = true       # smaller versions of pictures: pip install "sitegen-archive[images]"
# image_widths = [320, 640, 1280]
# image_format = "webp"    # or "avif": smaller files, but not for old browsers

[markdown]
# extensions = []          # of Python-Markdown, for example ["toc", "smarty"]

[import]
# account = ""             # account to assume when a source names none (default: [site])
# vanished = "keep"        # posts missing from a full export: "keep", "mark" or "purge"
# crossposts = "keep"      # "merge": show a thread on several networks once

[privacy]
# hide = []                # queries for posts to leave out: ["#private", "to:ben.example"]

[topics]
# min_posts = 5            # a topic of fewer posts is not shown
# min_authors = 2          # a topic of fewer authors is in no anonymous export

[bluesky]                  # services for importing live accounts
# resolver = "https://public.api.bsky.app"
# plc = "https://plc.directory"
"""

ABOUT = """\
---
title: "About this archive"
---

These posts were written elsewhere and are archived here.

Say who you are, which years the archive covers, and what you left out. Every Markdown file in
`content/` that is not a thread or a profile becomes a page like this one.
"""

GITIGNORE = """\
/public/
/.sitegen/
/anonymous.key
"""

INSTALL = """\
      # The sitegen that created this site; change it here when you update sitegen.
      - run: pip install "$SITEGEN"
        env:
          SITEGEN: "REQUIREMENT"
"""

INSTALL_UNKNOWN = """\
      # State here which sitegen to install, since the source of the one that created this site is
      # unknown. Then delete the step "Fill in".
      # - run: pip install "sitegen-archive @ git+https://HOST/OWNER/NAME@COMMIT"
      - name: Fill in
        run: echo "::error::state in .github/workflows/pages.yml which sitegen to install"; exit 1
"""

WORKFLOW = """\
# Builds this site and publishes it on GitHub Pages after every push.
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
  cancel-in-progress: false # do not cancel a deployment that has started

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
