"""Documentation that cannot go stale: every link leads somewhere, every command shown exists."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from translate.cli import main

ROOT = Path(__file__).parent.parent
PAGES = sorted(
    path
    for pattern in ("*.md", "docs/*.md", "*/README.md", "translate/models/*/README.md")
    for path in ROOT.glob(pattern)
)
LINK = re.compile(r"\[[^\]]*\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)")
COMMAND = re.compile(r"(?:^\$ |`)(?:\S*/)?tarjuman ([^`\n]+)", re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text("utf-8")):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_shown_exists(page: Path) -> None:
    for shown in COMMAND.findall(page.read_text("utf-8")):
        words = shlex.split(shown.replace("\\|", " ").split("|")[0].split(">")[0].replace("'", " "))
        options = [word.split("=")[0] for word in words if word.startswith("-") and word != "-"]
        command: click.Command = main
        for word in words:
            if isinstance(command, click.Group) and word in command.commands:
                command = command.commands[word]
        if options and command is not main:
            known = {option for parameter in command.params for option in parameter.opts} | {"--help", "-h"}
            assert set(options) <= known, f"{page.name}: tarjuman {shown}"
        plain = [word for word in words if word.isalpha() and word.islower()]
        if plain:
            assert plain[0] in main.commands or plain[0] in ("models",), f"{page.name}: tarjuman {shown}"


def test_the_readme_names_both_scripts() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    for script in ("scripts/demo", "scripts/test"):
        assert f"bash {script}" in text
        assert (ROOT / script).stat().st_mode & 0o100
    assert "scripts/test" in (ROOT / ".ci" / "run").read_text("utf-8")
