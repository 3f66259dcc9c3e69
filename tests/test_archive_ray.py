"""Archives with several workers: the same bytes as with one, whatever is killed; one line where Ray is not to be had.

Each run is a process of its own, as a person starts it: Ray takes over the process it is in.
"""

from __future__ import annotations

import json
import os
import pickle
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from importlib.util import find_spec
from itertools import takewhile
from pathlib import Path
from secrets import token_hex

import pytest
from click.testing import CliRunner
from test_archive import archive_of, outcome

from translate import __version__, pipeline, readers
from translate.batch.answering import answers
from translate.batch.asking import ask
from translate.batch.cluster import packed_model, unpacked_model
from translate.cli import main
from translate.cli.archive import engine_on_worker
from translate.engines.fake import FakeEngine
from translate.errors import ModelError
from translate.registry import BUNDLED, DEFAULT, Registry

ROOT = Path(__file__).parent.parent
PATIENCE = 240
"""Seconds until something must have happened, on a computer with other things to do."""
TOKEN = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": token_hex(32)}
"""Our cluster is for nobody else; versions of Ray that know no token do not mind."""
OPTIONS = ["--engine", "fake", "--glossary", "none", "--quiet", "--batch", "64"]

needs_ray = pytest.mark.skipif(find_spec("ray") is None, reason="the package ray is not installed")
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")


def command(given: Path, output: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "translate.cli", "archive", str(given), str(output), *OPTIONS, *more]


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """Where Ray may put its sockets, whose paths must be short, and the workers what they are sent."""
    folder = Path(tempfile.mkdtemp(prefix="tj-", dir="/tmp"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def surroundings(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"RAY_TMPDIR": str(place), **TOKEN}.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(scope="module")
def head(place: Path) -> Iterator[tuple[str, int]]:
    """The address of a cluster of one computer, whose workers have another folder of models than we; its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with computer(place, "--head", f"--port={port}", "--include-dashboard=false", "--disable-usage-stats") as one:
        yield f"127.0.0.1:{port}", one.pid


@pytest.fixture(scope="module")
def cluster(head: tuple[str, int]) -> str:
    """Its address."""
    return head[0]


@contextmanager
def computer(place: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    """A computer of a cluster, with room for two workers."""
    start = [str(Path(sys.executable).with_name("ray")), "start", "--block", "--num-cpus=2", *words]
    own = {"RAY_TMPDIR": str(place), "TARJUMAN_HOME": str(place / "theirs"), "PYTHONPATH": str(ROOT)}
    own["RAY_worker_niceness"] = "0"  # else they wait for every other program
    own["RAY_health_check_period_ms"] = "1000"  # what refuses to answer is lost after five seconds, not fifteen
    env = {**os.environ, **TOKEN, **own, "PYTHONUNBUFFERED": "1"}
    start.append("--object-store-memory=80000000")
    with subprocess.Popen(start, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=env, text=True) as running:
        try:
            assert running.stdout
            told = list(takewhile(lambda line: "Ray runtime started" not in line, running.stdout))
            if running.poll() is not None:
                pytest.skip(f"no cluster could be started: {' '.join(told)[-400:]}")
            yield running
        finally:
            running.terminate()
            try:
                running.wait(60)
            finally:
                running.kill()


def descendants(number: int) -> Iterator[tuple[int, str]]:
    """Processes below one, with their titles."""
    below: dict[int, list[int]] = {}
    titles: dict[int, str] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            above = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
            titles[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
        below.setdefault(above, []).append(int(folder.name))
    todo = list(below.get(number, ()))
    while todo:
        one = todo.pop()
        todo += below.get(one, ())
        yield one, titles[one]


def translators(number: int) -> Iterator[int]:
    """The workers below a process."""
    return (one for one, title in descendants(number) if title.startswith("ray::Translator"))


def translated(events: Path) -> int:
    """How far the run is."""
    lines = events.read_text("utf-8").splitlines() if events.exists() else []
    told = [json.loads(line) for line in lines if '"progress"' in line and line.endswith("}")]
    return max((event["translated"] for event in told), default=0)


def until(happened: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    """Wait for something to happen in a run."""
    end = time.monotonic() + PATIENCE
    while not happened():
        if process.poll() is not None:
            told = process.stderr.read() if process.stderr else ""
            if "Ray cannot be started here" in told and "timed out" in told:
                pytest.skip("the computer is too busy: Ray waits half a minute for itself")
            pytest.fail(told)
        assert time.monotonic() < end
        time.sleep(0.05)


@needs_ray
@on_linux
def test_a_worker_that_is_killed_loses_nothing_and_the_run_goes_on(tmp_path: Path) -> None:
    given, events = archive_of(tmp_path, 400), tmp_path / "events"
    subprocess.run(command(given, tmp_path / "alone.jsonl"), check=True)
    told = command(given, tmp_path / "out.jsonl", "--ray", "--workers", "2", "--events", str(events), "--json")
    with subprocess.Popen(told, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        until(lambda: translated(events) >= 1, process)
        workers = list(translators(process.pid))
        assert process.poll() is None
        os.kill(workers[0], signal.SIGKILL)
        out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err) == (0, "")
    assert outcome(tmp_path / "out.jsonl") == outcome(tmp_path / "alone.jsonl")
    account = json.loads(out)
    assert (account["written"], account["quarantined"]) == (400, 0)
    assert account["translated"] == len({*_sentences(tmp_path / "alone.jsonl")})


def _sentences(path: Path) -> Iterator[str]:
    for line in path.read_text("utf-8").splitlines():
        yield from (segment["source"] for segment in json.loads(line)["segments"])


@needs_ray
@on_linux
def test_a_run_on_a_cluster_that_is_killed_is_resumed_anywhere(tmp_path: Path, cluster: str) -> None:
    given, events = archive_of(tmp_path, 400), tmp_path / "events"
    subprocess.run(command(given, tmp_path / "alone.jsonl"), check=True)
    told = command(given, tmp_path / "out.jsonl", "--ray", "--address", cluster, "--events", str(events))
    with subprocess.Popen(told, stderr=subprocess.PIPE, text=True) as process:
        until(lambda: translated(events) >= 100, process)
        process.kill()
    before = translated(events)
    whole = len({*_sentences(tmp_path / "alone.jsonl")})
    assert before < whole
    result = CliRunner().invoke(main, command(given, tmp_path / "out.jsonl", "--json")[3:])
    assert result.exit_code == 0
    assert outcome(tmp_path / "out.jsonl") == outcome(tmp_path / "alone.jsonl")
    assert json.loads(result.stdout)["translated"] <= whole - before


@needs_ray
@on_linux
def test_a_computer_that_is_lost_takes_nothing_with_it(tmp_path: Path, head: tuple[str, int], place: Path) -> None:
    given, events = archive_of(tmp_path, 800), tmp_path / "events"
    cluster, number = head
    subprocess.run(command(given, tmp_path / "alone.jsonl"), check=True)
    more = ["--ray", "--address", cluster, "--workers", "2", "--threads", "2", "--events", str(events), "--json"]
    told = command(given, tmp_path / "out.jsonl", *more)
    with (
        computer(place, f"--address={cluster}") as second,
        subprocess.Popen(told, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process,
    ):
        until(lambda: bool(list(translators(number))), process)
        (stays,) = translators(number)
        os.kill(stays, signal.SIGSTOP)  # else it may have done everything before the other one has begun
        until(lambda: any("Translator.answer" in title for _, title in descendants(second.pid)), process)
        before = translated(events)
        for one, _ in descendants(second.pid):
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        os.kill(stays, signal.SIGCONT)
        out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err) == (0, "")
    assert outcome(tmp_path / "out.jsonl") == outcome(tmp_path / "alone.jsonl")
    account = json.loads(out)
    assert (account["written"], account["quarantined"]) == (800, 0)
    assert before < account["translated"] == len({*_sentences(tmp_path / "alone.jsonl")})


@needs_ray
@on_linux
@pytest.mark.model
def test_a_model_that_was_added_here_translates_there(tmp_path: Path, cluster: str, place: Path) -> None:
    given = archive_of(tmp_path, 4)
    home = {**os.environ, "TARJUMAN_HOME": str(tmp_path / "mine")}
    house = Registry(tmp_path / "mine" / "models").add(str(BUNDLED / DEFAULT), "house")
    model = ["--engine", "ct2", "--model", "house"]
    subprocess.run(command(given, tmp_path / "alone.jsonl", *model), check=True, env=home)
    told = command(given, tmp_path / "out.jsonl", *model, "--ray", "--address", cluster, "--workers", "1")
    done = subprocess.run(told, check=False, env=home, capture_output=True, text=True, timeout=PATIENCE)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert outcome(tmp_path / "out.jsonl") == outcome(tmp_path / "alone.jsonl")
    sent = place / "theirs" / "cache" / "sent" / house.fingerprint / "house"
    assert (sent / "model.safetensors").read_bytes() == (house.folder / "model.safetensors").read_bytes()


@needs_ray
@on_linux
def test_workers_that_are_another_version_are_refused_in_a_line(tmp_path: Path, cluster: str) -> None:
    other = "import sys, translate; translate.__version__ = 'other'; from translate.cli import main; sys.exit(main())"
    more = ["--ray", "--address", cluster, "--workers", "1"]
    told = [sys.executable, "-c", other, *command(archive_of(tmp_path, 4), tmp_path / "out.jsonl", *more)[3:]]
    done = subprocess.run(told, check=False, capture_output=True, text=True, timeout=PATIENCE)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (4, "", 1), done.stderr
    assert f"|v:{__version__}, and this computer fake" in done.stderr
    assert "|v:other" in done.stderr
    assert not (tmp_path / "out.jsonl").exists()


# --- the parts, without a cluster -------------------------------------------------------------------------------------


@needs_ray
def test_an_actor_answers_with_the_function_that_answers_here() -> None:
    crew = pytest.importorskip("translate.batch.crew")
    article = readers.read(None, "انسحب المسلحون من القرية.".encode(), "text", "a")
    questions = [ask(job, FakeEngine()).question for job in pipeline.jobs(article, _no_terms())]
    make = partial(engine_on_worker, "fake", "", 1, "cpu", "")
    actor = crew.Translator(make, f"{FakeEngine().signature()}|v:{__version__}", [])
    assert actor.ready() == ""
    assert pickle.loads(actor.answer(pickle.dumps(questions))) == answers(questions, FakeEngine())
    other = crew.Translator(make, "ct2-int8|other@1|v:0", [])
    assert other.ready().startswith("a worker has fake|latin-1")
    lost = crew.Translator(partial(engine_on_worker, "ct2", "", 1, "cpu", "tarjuman-ar-en@00000000"), "", [])
    assert "a worker cannot load the model (tarjuman-ar-en@00000000: another model" in lost.ready()


def _no_terms() -> pipeline.Glossary:
    from glossary import TermBase

    return pipeline.Glossary.of(TermBase(()))


def test_a_model_that_a_worker_lacks_is_sent_along(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    for name in ("config.json", "source.spm", "rehearsal.tsv", "secret.txt"):
        (folder / name).write_text(name)
    files = packed_model(folder)
    assert sorted(files) == ["config.json", "source.spm"]
    made = unpacked_model({**files, "../../outside": b"no"}, tmp_path / "cache" / "1f2e" / "model")
    assert {path.name: path.read_bytes() for path in made.iterdir()} == files
    assert unpacked_model({}, made) == made  # there already
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cache", "model"]


def test_another_model_of_the_same_name_is_not_the_one() -> None:
    with pytest.raises(ModelError, match="another model than the one here"):
        engine_on_worker("ct2", "", 1, "cpu", "tarjuman-ar-en@00000000", {})


def call(folder: Path, *more: str) -> tuple[int, str]:
    given = archive_of(folder, 1)
    result = CliRunner().invoke(main, command(given, folder / "out.jsonl", *more)[3:])
    return result.exit_code, result.stderr


def test_without_ray_the_command_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    for words in (["--ray"], ["--engine", "ray"]):
        code, told = call(tmp_path, *words)
        assert (code, "pip install 'tarjuman[ray]'" in told, told.count("\n")) == (2, True, 1)


@needs_ray
@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("127.0.0.1:1", "no Ray cluster answers (Connection refused). Start one with: ray start --head"),
        ("somewhere", "no address: 'somewhere'. Write it like 10.0.0.1:6379"),
        ("ray://127.0.0.1:10001", "ray:// is not supported"),
        ("127.0.0.1:99999", "no Ray cluster answers"),
    ],
)
def test_an_address_where_nobody_is_is_one_line(tmp_path: Path, address: str, message: str) -> None:
    code, told = call(tmp_path, "--ray", "--address", address)
    assert (code, message in told, told.count("\n")) == (2, True, 1), told


@pytest.mark.parametrize("words", [["--workers", "2"], ["--address", "auto"], ["--gpus", "0.5"]])
def test_options_of_workers_are_for_workers(tmp_path: Path, words: list[str]) -> None:
    code, told = call(tmp_path, *words)
    assert (code, "Add --ray" in told) == (2, True)
