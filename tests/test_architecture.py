"""The shape of the code: who may import whom, where heavy packages live, and that nothing loads before it is needed."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

LAYERS = [
    {"glossary"},
    {
        "translate.errors",
        "translate.document",
        "translate.composed",
        "translate.config",
        "translate.diff",
        "translate.words",
        "translate.files",
    },
    {
        "translate.readers",
        "translate.split",
        "translate.ids",
        "translate.inline",
        "translate.markdown",
        "translate.xliff",
        "translate.engines.base",
        "translate.constraints",
        "translate.english",
        "translate.fragments",
        "translate.guard",
        "translate.quantities",
        "translate.repetition",
        "translate.repair",
        "translate.sounding",
        "translate.ingest",
    },
    {"translate.engines", "translate.drafts", "translate.memory", "translate.checks"},
    {
        "translate.attempts",
        "translate.decode",
        "translate.explain",
        "translate.joining",
        "translate.ladder",
        "translate.mending",
        "translate.quality",
        "translate.registry",
    },
    {"translate.pipeline"},
    {
        "translate.adapt",
        "translate.approved",
        "translate.batch",
        "translate.books",
        "translate.effort",
        "translate.evaluate",
        "translate.exchange",
        "translate.review",
        "translate.site",
        "translate.export",
        "translate.export_html",
        "translate.termbase",
        "translate.terminology",
    },
    {"translate.cli"},
]
HOMES = {
    "torch": ("translate/engines/",),
    "transformers": ("translate/engines/",),
    "ctranslate2": ("translate/engines/",),
    "sentencepiece": ("translate/engines/",),
    "click": ("translate/cli",),
    "lxml": (
        "translate/xliff",
        "translate/readers/html",
        "translate/export",
        "translate/exchange/",
        "translate/books/",
        "translate/termbase/",
    ),
    "openpyxl": ("translate/exchange/workbook", "translate/termbase/xlsx"),
    "trafilatura": ("translate/readers/html",),
    "starlette": ("translate/review/", "translate/site/serve"),
    "uvicorn": ("translate/review/",),
    "jinja2": ("translate/site", "translate/review", "translate/export", "translate/books/"),
    "huggingface_hub": ("translate/registry",),
    "sacrebleu": ("translate/quality",),
    "pyarrow": ("translate/batch/parquet",),
    "ray": ("translate/batch/cluster", "translate/batch/crew"),
}
MACHINE = {
    *("translate.attempts", "translate.batch", "translate.decode", "translate.engines", "translate.evaluate"),
    *("translate.explain", "translate.joining", "translate.mending", "translate.pipeline"),
}
HUMAN = {
    "translate.review",
    "translate.site",
    "translate.books",
    "translate.exchange",
    "translate.export",
    "translate.export_html",
    "translate.terminology",
}


def modules() -> dict[str, Path]:
    found = {}
    for package in ("translate", "glossary", "site_templates"):
        for path in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            found[name.removesuffix(".__init__")] = path
    return found


def imports(path: Path) -> set[str]:
    """Every imported module of a file, those inside functions too; type-checking imports do not count."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    found = set()
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def layer(name: str) -> int | None:
    """The layer of the longest listed name that `name` is or lies below."""
    best, level = "", None
    for number, names in enumerate(LAYERS):
        for listed in names:
            if (name == listed or name.startswith(listed + ".")) and len(listed) > len(best):
                best, level = listed, number
    return level


@pytest.mark.parametrize("name", sorted(modules()))
def test_a_module_imports_only_from_its_own_layer_or_below(name: str) -> None:
    if name in ("translate", "site_templates"):
        return
    own = layer(name)
    assert own is not None, f"{name} is in no layer: add it to LAYERS"
    known = modules()
    for imported in imports(modules()[name]):
        if imported in known and imported not in ("translate", "site_templates"):
            assert layer(imported) is not None and layer(imported) <= own, f"{name} imports {imported} from above"


@pytest.mark.parametrize("name", sorted(modules()))
def test_heavy_packages_stay_at_home(name: str) -> None:
    path = modules()[name]
    place = path.relative_to(ROOT).as_posix()
    for imported in imports(path):
        homes = HOMES.get(imported.split(".")[0])
        assert homes is None or place.startswith(homes), f"{place} imports {imported}; its home is {homes}"


def test_the_machine_half_and_the_human_half_never_import_each_other() -> None:
    for name, path in modules().items():
        for half, other in ((MACHINE, HUMAN), (HUMAN, MACHINE)):
            if any(name == one or name.startswith(one + ".") for one in half):
                crossing = {i for i in imports(path) for o in other if i == o or i.startswith(o + ".")}
                assert not crossing, f"{name} imports {crossing}"


def test_the_glossary_needs_only_the_standard_library() -> None:
    for name, path in modules().items():
        if name.split(".")[0] == "glossary":
            for imported in imports(path):
                top = imported.split(".")[0]
                assert top == "glossary" or top in sys.stdlib_module_names, f"{name} imports {imported}"


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["translate", "--help"],
        ["draft", "--help"],
        ["review", "--help"],
        ["eval", "--help"],
        ["export", "--help"],
        ["archive", "--help"],
        ["glossary", "--help"],
    ],
)
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys; from translate.cli import main\n"
        f"try: main({arguments!r})\nexcept SystemExit: pass\n"
        "heavy = {'torch', 'transformers', 'ctranslate2', 'jinja2', 'lxml', 'numpy', 'yaml', 'sacrebleu', 'openpyxl'}\n"
        "heavy |= {'starlette', 'uvicorn'}\n"
        "heavy &= set(sys.modules)\n"
        "sys.exit(','.join(sorted(heavy)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr


def test_the_translation_path_with_ctranslate2_loads_no_torch() -> None:
    code = (
        "import sys, translate.pipeline, translate.engines.ct2, translate.readers, ctranslate2\n"
        "sys.exit(','.join(sorted({'torch', 'transformers', 'lxml'} & set(sys.modules))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr


def test_the_import_package_translate_is_ours() -> None:
    import translate

    assert Path(translate.__file__).parent == ROOT / "translate"
