"""How long one sentence takes in a cold process: `tarjuman translate` beside a minimal transformers script.

    python -m benchmarks --only start

Ours is the whole command: glossary, checks, the model's checksums. The conversion that the very first run makes is
measured apart. The script loads the same weights and says one sentence with beam 4, nothing else. argos-translate is
measured where its packages and its model can be had; its model comes from its own index.
"""

from __future__ import annotations

import sys
import tempfile
import urllib.request
from pathlib import Path

from benchmarks import process
from benchmarks.process import Unavailable
from benchmarks.row import Measured, Scale, Table, Verdict, median, ratio

SENTENCE = "قال مصدر في الموصل إن القوات تقدمت نحو الساحل الأيسر."
TARGET = 1.0
ARGOS = ("argostranslate==1.9.6",)
SCRIPT = """
import sys, torch
from transformers import MarianMTModel, MarianTokenizer
tokenizer = MarianTokenizer.from_pretrained(sys.argv[1])
model = MarianMTModel.from_pretrained(sys.argv[1])
batch = tokenizer([line for line in open(sys.argv[2], encoding="utf-8").read().splitlines() if line], return_tensors="pt", padding=True)
print(*tokenizer.batch_decode(model.generate(**batch, num_beams=4, max_length=None, max_new_tokens=200), skip_special_tokens=True), sep="\\n")
"""  # noqa: E501
ARGOS_INDEX = "https://raw.githubusercontent.com/argosopentech/argospm-index/main/index.json"
ARGOS_SCRIPT = """
import sys
import argostranslate.package, argostranslate.translate
argostranslate.package.update_package_index()
(found,) = [p for p in argostranslate.package.get_available_packages() if (p.from_code, p.to_code) == ("ar", "en")]
argostranslate.package.install_from_path(found.download())
"""
ARGOS_ASKED = """
import sys
import argostranslate.translate
print(argostranslate.translate.translate(open(sys.argv[1], encoding="utf-8").read(), "ar", "en"))
"""


def _argos(cache: Path) -> list[str | Path]:
    """The command, once the package and its model are there; without the model there is no use in two gigabytes."""
    try:
        urllib.request.urlopen(ARGOS_INDEX, timeout=10).close()
    except OSError as why:
        raise Unavailable(f"the index of its models cannot be reached ({why})") from None
    python = process.environment("argos", ARGOS, cache)
    try:
        process.run([python, "-c", ARGOS_SCRIPT], text=True)
    except SystemExit as why:
        reason = str(why).strip().splitlines()[-1]
        raise Unavailable(f"its model cannot be fetched ({reason})") from None
    return [python, "-c", ARGOS_ASKED]


def imported(path: Path, home: Path) -> list[str]:
    """Which of the heavy packages a one-off translation imports."""
    code = (
        "import runpy, sys\n"
        f"sys.argv = ['tarjuman', 'translate', '-q', {str(path)!r}]\n"
        "try:\n    runpy.run_module('translate.cli', run_name='__main__')\n"
        "except SystemExit:\n    pass\n"
        "print('\\n' + ' '.join(sorted({'torch', 'transformers'} & set(sys.modules))))\n"
    )
    said = process.run([sys.executable, "-c", code], text=True, environment={"TARJUMAN_HOME": str(home)})
    return str(said.told["text"]).split("\n")[-2].split()


def measure(scale: Scale) -> Measured:
    """The row."""
    from translate.registry import BUNDLED, DEFAULT

    table = Table(("system", "sentences", "s, median", "least", "most", "s of processor", "MB memory"))
    lines: list[str] = []
    medians: dict[tuple[str, int], float] = {}
    with tempfile.TemporaryDirectory(dir=scale.work) as place:
        folder = Path(place)
        home = {"TARJUMAN_HOME": str(folder / "home")}
        one, ten = folder / "one.txt", folder / "ten.txt"
        one.write_text(SENTENCE + "\n", "utf-8")
        ten.write_text("\n\n".join(SENTENCE.replace("مصدر", f"المصدر {n}") for n in range(10)) + "\n", "utf-8")
        command = [sys.executable, "-m", "translate.cli", "translate", "-q"]
        systems: dict[str, list[str | Path]] = {
            "Tarjuman": list(command),
            "transformers script": [sys.executable, "-c", SCRIPT, BUNDLED / DEFAULT],
        }
        first = process.run([*command, one], text=True, environment=home)
        try:
            systems["argos-translate"] = _argos(scale.cache)
        except Unavailable as why:
            lines.append(f"argos-translate was not measured: {why}. Its own claim is 1.31 s.")
        for path, count in ((one, 1), (ten, 10)):
            runs: dict[str, list[process.Run]] = {name: [] for name in systems}
            for _ in range(scale.rounds):
                for name, asked in systems.items():
                    runs[name].append(process.run([*asked, path], text=True, environment=home))
            for name, its in runs.items():
                walls = [run.wall for run in its]
                medians[name, count] = median(walls)
                table.add(name, count, median(walls), min(walls), max(walls), median(run.cpu for run in its),
                          max(run.megabytes for run in its))  # fmt: skip
            if count == 1:
                times = ratio([run.wall for run in runs["transformers script"]], [run.wall for run in runs["Tarjuman"]])
        heavy = imported(one, folder / "home")
    verdicts = (
        Verdict("<1 s", f"{medians['Tarjuman', 1]:.2f} s", medians["Tarjuman", 1] < TARGET),
        Verdict("no torch import on the fast path", ", ".join(heavy) or "none", not heavy),
    )
    lines.insert(
        0,
        f"The script takes {times:.1f} times as long. The very first run, which converts the model, took "
        f"{first.wall:.1f} s and {first.megabytes:.0f} MB.",
    )
    return Measured(verdicts, (*table.lines(), *lines))
