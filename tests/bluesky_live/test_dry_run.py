"""A dry run of a live account: it is fetched, and nothing of it stays."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from bluesky_live.made_account import HANDLE, Keeper


def test_a_dry_run_writes_nothing(keeper: Keeper, tmp_path: Path) -> None:
    keeper.write("Fog over the reservoir.")
    where = keeper.endpoints
    settings = f'[bluesky]\nresolver = "{where.resolver}"\nplc = "{where.plc}"\n'
    (tmp_path / "sitegen.toml").write_text(settings, "utf-8")
    command = [sys.executable, "-m", "sitegen", "import", f"bluesky:{HANDLE}"]
    done = subprocess.run(
        [*command, "--dry-run", "--json"],
        cwd=tmp_path,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, json.loads(done.stdout)["posts"]) == (0, 1)
    assert [path.name for path in tmp_path.rglob("*")] == ["sitegen.toml"]
