"""The work of a build in others' hands: any executor's, and a Dask cluster's with real workers."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import resource
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from english import ENGLISH
from test_build import cold, site, thread
from trees import differences, tree

from sitegen import __version__, files
from sitegen.config.schema import Config
from sitegen.errors import ContentError, OutputError, SitegenError, ThemeError, UsageError
from sitegen.site import build as builds
from sitegen.site import clean
from sitegen.site import output_folder as outputs
from sitegen.site.render import theme as themes
from sitegen.site.workers import dask_cluster, tasks
from sitegen.site.workers import executor as executors

TOML = '[site]\nbase_url = "https://ada.example"\n[build]\npage_size = 7\n'
TEXTS = (
    "Morning on the marsh #sky",
    "<b>R&D</b> \\*",
    "صباح الخير",
    "朝の光 🌧️",
    "https://a.example/1",
)


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "BATCH_ITEMS", 50)


def archive(folder: Path, threads: int = 60) -> Config:
    """Return a site with threads of two posts, a picture, a page of one's own and a style."""
    listed = [
        thread(f"t{at}x", f"{TEXTS[at % 5]} {at}", f"And {at}", day=at % 300, tags=(f"t{at % 9}",))
        for at in range(threads)
    ]
    config = site(folder, *listed, toml=TOML)
    for name in ("content/media/a.png", "content/about.md", "static/custom.css"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(f"# {name}\n".encode() * 9)
        os.utime(folder / name, (1e9, 1e9))  # what is fresh is not trusted, and copied again
    return config


def pool() -> Executor:
    """Return two processes that know nothing of this one, and are elsewhere."""
    spawn = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(2, spawn, initializer=os.chdir, initargs=(os.sep,))


class Doubtful(ProcessPoolExecutor):
    """Takes each batch for lost, and has it done again while the first one still goes on."""

    def __init__(self) -> None:
        super().__init__(3, multiprocessing.get_context("spawn"))

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        super().submit(fn, *args, **kwargs)
        return super().submit(fn, *args, **kwargs)


EXECUTORS = {"threads": lambda: ThreadPoolExecutor(3), "processes": pool, "twice": Doubtful}


def change(config: Config) -> None:
    """Edit a thread, delete one, add one, and change a template's look everywhere."""
    first, second, *_ = sorted(config.content.rglob("threads/*/*.md"))
    first.write_text(first.read_text("utf-8").replace("And", "And then"), "utf-8")
    second.unlink()
    site(config.root, thread("new", "Late", "Later"), toml=TOML)
    (config.root / "static/custom.css").write_text("a { color: red }", "utf-8")


@pytest.mark.parametrize(
    "name", ["processes", *(pytest.param(n, marks=pytest.mark.slow) for n in ("threads", "twice"))]
)
def test_any_executor_makes_the_same_site_cold_and_warm(name: str, tmp_path: Path) -> None:
    config = archive(tmp_path)
    reported: list[tuple[int, int]] = []
    with EXECUTORS[name]() as executor:
        report = builds.build(config, lambda *seen: reported.append(seen), executor)
        assert not differences(tree(config.output), cold(config))
        assert reported[-1] == (report.files, report.files)
        assert not builds.build(config, executor=executor).written
        change(config)
        assert 0 < len(builds.build(config, executor=executor).written) < report.files
        assert not differences(tree(config.output), cold(config))
    assert not builds.build(config).written
    assert not list(tmp_path.rglob("*.sitegen-partial"))
    assert not (config.cache / "orders").exists()


def test_a_page_that_already_said_that_is_not_told_of(tmp_path: Path) -> None:
    config = archive(tmp_path)
    builds.build(config)
    theme = Path(themes.load(config).templates["post.html"])
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/post.html").write_text(
        f"{{# mine #}}{theme.read_text('utf-8')}", "utf-8"
    )
    reported: list[int] = []
    with ThreadPoolExecutor(1) as executor:
        report = builds.build(config, lambda done, total: reported.append(total), executor)
    assert reported[-1] >= 60
    assert not report.written


def test_a_site_of_nothing_is_one_too(tmp_path: Path) -> None:
    config = site(tmp_path)
    with ThreadPoolExecutor(1) as executor:
        builds.build(config, executor=executor)
    assert not differences(tree(config.output), cold(config))


@pytest.mark.parametrize("command", ["build", "clean"])
def test_what_a_killed_build_left_for_its_workers_goes_away(command: str, tmp_path: Path) -> None:
    config = archive(tmp_path, 1)
    (config.cache / "orders").mkdir(parents=True)
    (config.cache / "orders/old").write_bytes(b"old")
    if command == "build":
        with ThreadPoolExecutor(1) as executor:
            builds.build(config, executor=executor)
    else:
        assert list(clean.clean(config))
    assert not (config.cache / "orders").exists()


def test_what_the_workers_of_a_killed_build_began_goes_away(tmp_path: Path) -> None:
    config = archive(tmp_path, 1)
    builds.build(config)
    (config.output / f".token{outputs.STAGING_SUFFIX}").mkdir()
    (config.output / f".token{outputs.STAGING_SUFFIX}/page{files.PARTIAL}").write_bytes(b"half")
    builds.build(config)
    assert not list(config.output.glob(f".token{outputs.STAGING_SUFFIX}"))


def test_the_output_may_lie_anywhere_that_is_shared(tmp_path: Path) -> None:
    config = archive(tmp_path / "site", 2)
    config = config._replace(paths=config.paths._replace(output="../www"))
    with ThreadPoolExecutor(1) as executor:
        builds.build(config, executor=executor)
        change(config)
        builds.build(config, executor=executor)
    assert not differences(tree(tmp_path / "www"), cold(config))


class Counting(ThreadPoolExecutor):
    """Knows how many batches it had at most that were not done."""

    def __init__(self) -> None:
        super().__init__(2)
        self.taken: list[Future[Any]] = []
        self.most = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.taken.append(super().submit(fn, *args, **kwargs))
        self.most = max(self.most, sum(not future.done() for future in self.taken))
        return self.taken[-1]


@pytest.mark.slow
def test_only_so_many_batches_are_out_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = archive(tmp_path)
    monkeypatch.setattr(executors, "MAX_OPEN_BATCHES", 3)
    monkeypatch.setattr(executors, "BATCH_ITEMS", 9)
    with Counting() as executor:
        builds.build(config, executor=executor)
    assert len(executor.taken) > 20
    assert executor.most <= 3
    assert not differences(tree(config.output), cold(config))


def failing(config: Config, **how: Any) -> SitegenError:
    with pytest.raises(SitegenError) as caught:
        builds.build(config, **how)
    assert not config.output.exists()
    assert [path.name for path in config.root.glob(".*")] == [".sitegen"]
    return caught.value


@pytest.mark.parametrize("what", [ContentError, pytest.param(ThemeError, marks=pytest.mark.slow)])
def test_a_mistake_is_told_as_a_local_build_tells_it(
    what: type[Exception], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = archive(tmp_path)
    if what is ThemeError:
        (tmp_path / "templates").mkdir()
        (tmp_path / "templates/thread.html").write_text("{{ nobody.here }}", "utf-8")
    else:
        for broken in sorted(config.content.rglob("threads/*/*.md"))[3:5]:
            broken.write_text("---\nnetwork: [\n---\n", "utf-8")
    expected = str(failing(config))
    monkeypatch.chdir(tmp_path)
    with pool() as executor:
        shown = str(failing(config._replace(root=Path()), executor=executor))
    if what is ThemeError:  # which page is the first to fail is luck
        shown, expected = (message.partition(" (while")[0] for message in (shown, expected))
    assert shown.replace(f"{tmp_path}/", "") == expected.replace(f"{tmp_path}/", "")


def test_a_process_that_dies_is_told_and_leaves_no_half_of_a_site(tmp_path: Path) -> None:
    config = archive(tmp_path)
    with pool() as executor:
        executor.submit(os._exit, 1)
        assert "the workers gave up" in str(failing(config, executor=executor))


def interrupted(done: int, total: int) -> None:
    raise KeyboardInterrupt


@pytest.mark.slow
def test_a_build_that_was_stopped_leaves_nothing_and_nobody_at_work(tmp_path: Path) -> None:
    config = archive(tmp_path, 400)
    with pool() as executor:
        with pytest.raises(KeyboardInterrupt):
            builds.build(config, interrupted, executor)
        left = tree(tmp_path)
    assert tree(tmp_path) == left
    assert not config.output.exists()
    assert sorted(path.name for path in tmp_path.glob(".*")) == [".sitegen"]


def test_what_was_handed_out_is_taken_back_when_a_build_stops(tmp_path: Path) -> None:
    config = archive(tmp_path, 400)
    with Counting() as executor:
        with pytest.raises(KeyboardInterrupt):
            builds.build(config, interrupted, executor)
        assert all(future.done() for future in executor.taken)
        assert any(future.cancelled() for future in executor.taken)


def test_no_page_of_a_build_that_is_over_is_made(tmp_path: Path) -> None:
    config = archive(tmp_path)
    with Counting() as executor:
        executor.shutdown(wait=False)  # takes nothing, as one that was closed
        assert "the workers gave up" in str(failing(config, executor=executor))
    bench = outputs.open_output(config)
    bench.target.mkdir()
    tasks.staging_folder(bench, "token").mkdir()
    worker = tasks.SharedOutput(config.output, "token")
    worker.write("folder/page.html", b"page")
    tasks.staging_folder(bench, "token").rmdir()
    for name in ("folder/page.html", "other/page.html"):
        with pytest.raises(FileNotFoundError):
            worker.write(name, b"other")
    assert tree(bench.target) == {"folder/page.html": b"page"}
    assert not (bench.target / "other").exists()
    with pytest.raises(OutputError, match="share the site's folder with all workers"):
        tasks.SharedOutput(config.output, "token")


@pytest.fixture
def order(tmp_path: Path) -> Path:
    """Return the file of an order for a site."""
    config = archive(tmp_path, 1)
    tasks.write_spec(tmp_path / "order", tasks.BuildSpec(config, themes.load(config), ENGLISH))
    return tmp_path / "order"


READING = pickle.dumps((tasks.parse_files, ["about.md"]))


def test_a_worker_that_does_not_find_the_order_says_so(order: Path) -> None:
    assert "about.md" in tasks.run_batch(str(order), READING)
    with pytest.raises(OutputError, match="share the site's folder with all workers"):
        tasks.run_batch(f"{order}-elsewhere", READING)


def test_a_worker_with_another_renderer_does_nothing(order: Path) -> None:
    versions, rest = pickle.loads(order.read_bytes())
    assert {"sitegen", "Python", "jinja2", "msgspec"} <= versions.keys()
    order.write_bytes(pickle.dumps(({**versions, "jinja2": "1.0"}, rest)))
    with pytest.raises(OutputError, match=r"this build has 1\.0"):
        tasks.run_batch(str(order), READING)


@pytest.fixture
def outs(tmp_path: Path) -> tuple[tasks.SharedOutput, tasks.SharedOutput]:
    """Return one site's output as two workers have it."""
    folder = tmp_path / "public"
    (folder / f".token{outputs.STAGING_SUFFIX}").mkdir(parents=True)
    (folder / "page.html").write_bytes(b"whole")
    return tasks.SharedOutput(folder, "token"), tasks.SharedOutput(folder, "token")


Outs = tuple[tasks.SharedOutput, tasks.SharedOutput]


def test_two_who_write_one_page_never_show_half_of_it(outs: Outs) -> None:
    place = outs[0].folder / "page.html"
    data = [bytes([65 + at % 26]) * (300_000 - at * 1_000) for at in range(250)]
    meeting = threading.Barrier(3)

    def put(output: tasks.SharedOutput) -> None:
        for one in data:
            meeting.wait(60)
            output.write("page.html", one)

    writers = [threading.Thread(target=put, args=(out,), daemon=True) for out in outs]
    for writer in writers:
        writer.start()
    seen = set()
    for _ in data:
        meeting.wait(60)
        seen |= {place.read_bytes() for _ in range(3)}
    for writer in writers:
        writer.join(60)
    assert seen <= {b"whole", *data}
    assert tree(outs[0].folder) == {"page.html": data[-1]}


def test_who_comes_second_leaves_the_page_as_it_lies(outs: Outs) -> None:
    stat = outs[0].write("page.html", b"page")
    before = stat[1] - 5
    os.utime(outs[0].folder / "page.html", ns=(before, before))
    assert outs[1].write("page.html", b"page") == (4, before)


def test_a_worker_whose_disk_is_full_spoils_no_page(outs: Outs) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3, limits[1]))
    try:
        with pytest.raises(OSError, match="large"):
            outs[0].write("page.html", b"other")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (outs[0].folder / "page.html").read_bytes() == b"whole"


def test_what_the_system_refuses_a_worker_is_said_in_our_words(order: Path) -> None:
    with pytest.raises(OutputError, match="error: cannot be written or read on"):
        tasks.run_batch(f"{order}/below", READING)


@pytest.mark.parametrize(
    "address",
    ["", "scheduler", "scheduler:8786", "tcp://scheduler", "tcp://scheduler:0", "tcp://:8786",
     "tcp://scheduler:65536", "http://scheduler:8786", "tcp://a b:1", "tcp://a:1/", "tcp://[::1:1"],
)  # fmt: skip
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(UsageError, match="not the address of a Dask scheduler"):
        dask_cluster.check_address(address)


@pytest.mark.parametrize("address", ["tcp://s:8786", "tls://10.0.0.1:1", "tcp://[::1]:8786"])
def test_an_address_is_one(address: str) -> None:
    dask_cluster.check_address(address)


def sitegen(folder: Path, *arguments: str, code: str = "pass") -> tuple[int, str, str]:
    """Run the command line in a folder; return its code and what it said."""
    start = f"{code}; from sitegen.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", start, *arguments],
        cwd=folder, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


def test_a_cluster_needs_its_extra(tmp_path: Path) -> None:
    archive(tmp_path, 1)
    code = "import sys; sys.modules['distributed'] = None"
    exit_code, said, wrong = sitegen(tmp_path, "build", "--cluster", "tcp://a:1", code=code)
    assert (exit_code, said, wrong.count("\n")) == (2, "", 1)
    assert "hint: pip install 'sitegen-archive[cluster]'" in wrong


@pytest.mark.parametrize("more", [("--watch",), ("--cluster", "nowhere")])
def test_a_cluster_that_cannot_be_is_refused(more: tuple[str, ...], tmp_path: Path) -> None:
    archive(tmp_path, 1)
    exit_code, said, wrong = sitegen(tmp_path, "build", "--cluster", "tcp://a:1", *more)
    assert (exit_code, said, wrong.count("\n")) == (2, "", 1)


class Cluster:
    """A scheduler and its workers, each a process that is ended by its id."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[subprocess.Popen[str]] = []
        said = self.start("scheduler", "Scheduler at:", "--port", "0", "--no-show")
        self.address = said.split()[-1]
        self.scheduler = self.processes[0]

    def worker(self, *more: str, **env: str) -> None:
        """Start a worker, and return when the scheduler knows it."""
        options = (self.address, "--no-nanny", "--nthreads", "1", "--local-directory", ".", *more)
        self.start("worker", "Registered to:", *options, **env)

    def start(self, what: str, ready: str, *options: str, **env: str) -> str:
        """Start a process; return the line that says that it is ready."""
        from distributed import cli

        module = f"{cli.__name__}.dask_{what}"
        process = subprocess.Popen(
            [sys.executable, "-m", module, "--host", "127.0.0.1", "--no-dashboard", *options],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=self.folder,
            env={**os.environ, **env},
        )  # fmt: skip
        self.processes.append(process)
        assert process.stderr
        said = []
        for line in process.stderr:
            said.append(line)
            if ready in line:
                threading.Thread(target=process.stderr.read, daemon=True).start()
                return line
        raise AssertionError("".join(said))

    def end(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()


@pytest.fixture
def workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Start a scheduler and two workers."""
    found = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        for _ in range(2):
            found.worker()
        yield found
    finally:
        found.end()


@pytest.mark.slow
def test_a_cluster_makes_the_same_site_cold_and_warm(workers: Cluster, tmp_path: Path) -> None:
    config = archive(tmp_path, 400)
    asked = ("build", "--cluster", workers.address)
    exit_code, _, wrong = sitegen(tmp_path, *asked)
    assert (exit_code, wrong) == (0, "")
    assert not differences(tree(config.output), cold(config))
    change(config)
    exit_code, _, wrong = sitegen(tmp_path, *asked)
    assert (exit_code, wrong) == (0, "")
    assert not differences(tree(config.output), cold(config))
    for again in (asked, ("build",)):
        assert " 0 written, 0 removed" in sitegen(tmp_path, *again)[1]


@pytest.mark.slow
@pytest.mark.parametrize("is_warm", [False, True])
def test_a_worker_that_dies_costs_no_page(workers: Cluster, is_warm: bool, tmp_path: Path) -> None:
    config = archive(tmp_path, 400)
    if is_warm:
        builds.build(config)
        (tmp_path / "templates").mkdir()
        (tmp_path / "templates/post.html").write_text("{{ place }}", "utf-8")
        change(config)
    died: list[int] = []

    def progress(done: int, total: int) -> None:
        if not died:
            assert done < total
            workers.processes[-1].kill()
            died.append(workers.processes[-1].wait())

    with dask_cluster.connect(workers.address) as executor:
        builds.build(config, progress, executor)
    assert died
    assert not differences(tree(config.output), cold(config))
    assert not builds.build(config).written


# A worker whose machine gives out of memory at each batch, so far as others can see.
KILLER = """
import os, signal
from sitegen.site.workers import tasks

def parse_files(spec, sources):
    os.kill(os.getpid(), signal.SIGKILL)

tasks.parse_files = parse_files
"""

DEAF = """
import os, signal, sys
from pathlib import Path
from sitegen import errors
from sitegen.config import settings as config
from sitegen.site import build
from sitegen.site.workers import dask_cluster as cluster

settings = config.load(Path("sitegen.toml"))
try:
    with cluster.connect(sys.argv[1]) as executor:
        build.build(settings, lambda *_: os.kill(int(sys.argv[2]), signal.SIGKILL), executor)
except errors.OutputError as error:
    print(error)
"""


@pytest.mark.slow
def test_a_scheduler_that_dies_is_one_line_and_blocks_no_build(
    workers: Cluster, tmp_path: Path
) -> None:
    config = archive(tmp_path, 400)
    done = subprocess.run(
        [sys.executable, "-c", DEAF, workers.address, str(workers.scheduler.pid)],
        cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("error: the workers gave up (")
    assert done.stdout.count("\n") == 1
    assert sorted(path.name for path in tmp_path.glob(".*")) == [".sitegen"]
    builds.build(config)
    assert not differences(tree(config.output), cold(config))


@pytest.mark.slow
def test_a_batch_that_kills_its_workers_is_one_line(workers: Cluster, tmp_path: Path) -> None:
    config = archive(tmp_path, 60)
    mine = tmp_path / "worker.py"
    mine.write_text(KILLER, "utf-8")
    for process in workers.processes[1:]:
        process.kill()
    for _ in range(4):  # a batch is tried four times
        workers.worker("--preload", str(mine))
    exit_code, said, wrong = sitegen(tmp_path, "build", "--cluster", workers.address)
    assert (exit_code, said, wrong.count("\n")) == (1, "", 1)
    assert wrong.startswith("error: the workers gave up (")
    assert not config.output.exists()
    assert sorted(path.name for path in tmp_path.glob(".*")) == [".sitegen"]


@pytest.mark.slow
def test_a_worker_with_another_sitegen_is_one_line(workers: Cluster, tmp_path: Path) -> None:
    (tmp_path / "old/sitegen").mkdir(parents=True)
    (tmp_path / "old/sitegen/__init__.py").write_text('__version__ = "0.0.1"\n', "utf-8")
    config = archive(tmp_path / "site", 3)
    workers.worker(PYTHONPATH=str(tmp_path / "old"))
    exit_code, said, wrong = sitegen(config.root, "build", "--cluster", workers.address)
    assert (exit_code, said, wrong.count("\n")) == (1, "", 1)
    assert "has no sitegen like this one" in wrong
    assert not config.output.exists()


@pytest.mark.slow
def test_a_worker_with_another_version_is_one_line(workers: Cluster, tmp_path: Path) -> None:
    config = archive(tmp_path, 3)
    aged = tmp_path / "aged.py"
    aged.write_text("import sitegen\nsitegen.__version__ = '0.0.1'\n", "utf-8")
    workers.worker("--preload", str(aged))
    exit_code, said, wrong = sitegen(config.root, "build", "--cluster", workers.address)
    assert (exit_code, said, wrong.count("\n")) == (1, "", 1)
    assert f"has sitegen 0.0.1, this build has {__version__}" in wrong
    assert not config.output.exists()


@pytest.mark.slow
def test_nobody_at_the_address_is_one_line(tmp_path: Path) -> None:
    archive(tmp_path, 1)
    alone = Cluster(tmp_path)
    try:
        _, _, no_worker = sitegen(tmp_path, "build", "--cluster", alone.address)
    finally:
        alone.end()
    exit_code, said, wrong = sitegen(tmp_path, "build", "--cluster", alone.address)
    assert (exit_code, said) == (1, "")
    assert wrong == (
        f"error: no Dask scheduler answers at {alone.address}. "
        "hint: start one with `dask scheduler`, and check the address.\n"
    )
    assert no_worker.startswith(f"error: the scheduler at {alone.address} has no worker")
    assert no_worker.count("\n") == 1


@pytest.mark.slow
def test_a_scheduler_with_certificates_that_nobody_named_is_one_line(tmp_path: Path) -> None:
    archive(tmp_path, 1)
    exit_code, said, wrong = sitegen(tmp_path, "build", "--cluster", "tls://127.0.0.1:1")
    assert (exit_code, said, wrong.count("\n")) == (1, "", 1)
