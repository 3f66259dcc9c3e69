"""`tarjuman glossary impact`, `usage`, `candidates`, `consistency`: what the archive says about the terms."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from translate.cli.parts import ENGINES, common, open_glossary, progress_bar
from translate.errors import UsageError

if TYPE_CHECKING:
    from translate.cli.machine import Lazily
    from translate.pipeline import Glossary
    from translate.terminology.applying import Applied
    from translate.terminology.candidates import Text
    from translate.terminology.consistency import Report
    from translate.terminology.impact import Change, Impact, Touched
    from translate.terminology.index import Index

LONGEST = 160
"""Characters of an example."""


def _say(text: str) -> None:
    """Arabic on any terminal."""
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))


def _told(value: object) -> None:
    _say(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def _short(text: str, begin: int = 0, end: int = 0) -> str:
    """`'a long sentence'` -> `'a long…'`, on one line; of what is longer, the part around `text[begin:end]`."""
    if len(text) > LONGEST:
        first = max(0, min((begin + end - LONGEST) // 2, len(text) - LONGEST))
        last = first + LONGEST
        while 0 < first < begin and not text[first - 1].isspace():
            first += 1
        while end < last < len(text) and not text[last].isspace():
            last -= 1
        text = f"{'…' * (first > 0)}{text[first:last].strip()}{'…' * (last < len(text))}"
    return " ".join(text.split())


def _many(count: int, noun: str) -> str:
    """`(2, 'sentence')` -> `'2 sentences'`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


@contextmanager
def _indexed(drafts: Path, quiet: bool = False) -> Iterator[Index]:
    """The index of a folder of drafts, up to date."""
    from translate.terminology.index import Index

    def watch(done: int, count: int) -> None:
        if not quiet and sys.stderr.isatty():
            click.echo(f"\rreading drafts {done:,}/{count:,}", nl=done == count, err=True)

    with Index(drafts) as index:
        index.refresh(watch)
        for problem in index.skipped:
            click.echo(f"tarjuman: passed over: {problem}", err=True)
        yield index


# --- impact ----------------------------------------------------------------------------------------------------------


@click.command("impact", short_help="Say what a change of the terms touches.")
@common("drafts", "glossary")
@click.option("--against", default="HEAD", show_default=True, metavar="REV|FILE",
              help="The term base before: a git revision of the same files, or another file or folder.")  # fmt: skip
@click.option("--examples", type=click.IntRange(0), default=3, show_default=True, help="Sentences shown for each term.")
@click.option("--apply", "carry_out", is_flag=True,
              help="Translate the touched sentences again that nobody edited; flag the others.")  # fmt: skip
@click.option("--engine", type=click.Choice(ENGINES), default="ct2", show_default=True, help="For --apply.")
@common("model", "threads", "device", "quiet")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def impact_command(
    drafts: Path,
    glossaries: tuple[Path, ...],
    against: str,
    examples: int,
    carry_out: bool,
    engine: str,
    model: str,
    threads: int,
    device: str,
    quiet: bool,
    as_json: bool,
) -> None:
    """Say which sentences of the drafts a change of the term base touches; with --apply, bring them up to date."""
    from glossary import TermBase
    from translate.terminology.impact import impact
    from translate.terminology.revisions import term_base

    glossary = open_glossary(glossaries)
    paths = [TermBase.bundled(str(path)) or path for path in glossaries] or [TermBase.default()]
    old = term_base(against, [] if [str(path) for path in glossaries] == ["none"] else paths)
    applied = None
    with _indexed(drafts, quiet) as index:
        found = impact(old, glossary.base, index)
        count = index.count()
        if carry_out and found.touched:
            from translate.cli.machine import Lazily

            machine = Lazily(engine, model, threads, device, lambda: glossary.base)
            applied = _carried_out(found, glossary, machine, drafts, index, quiet)
    if as_json:
        done = {} if applied is None else {"applied": _applied_told(applied)}
        _told({"against": against, **_impact_told(found, examples), **done})
    else:
        _say(_impact_text(found, count, against, examples))
        if applied is not None:
            _say(_applied_text(applied))
    for problem in applied.problems if applied is not None else ():
        click.echo(f"tarjuman: {problem}", err=True)
    if applied is not None and applied.problems:
        click.get_current_context().exit(1)


def _carried_out(
    found: Impact, glossary: Glossary, machine: Lazily, drafts: Path, index: Index, quiet: bool
) -> Applied:
    from translate.review.store import Store
    from translate.review.terms import Terms
    from translate.terminology.applying import apply

    with (
        Store(drafts, Terms(glossary.base), saved=index.put) as store,
        progress_bar(len(found.touched), "translating", quiet) as progress,
    ):
        return apply(found, store, machine.together, progress)


def _impact_text(found: Impact, count: tuple[int, int], against: str, examples: int) -> str:
    if not found.changes:
        return f"The term base is what it was ({against}).\n"
    lines = []
    for change in found.changes:
        touched = found.of(change)
        lines.append(f"{change.how.value}  {change.source}  {change.english}")
        lines.append(f"  {_reach(touched)}")
        for one in touched[:examples]:
            who = one.state.value if not one.edited else f"{one.state.value}, a person's"
            lines.append(f"  {one.id}  [{who}{'' if one.met else ', not so yet'}]")
            lines += [f"    {_short(one.source, *one.here)}", f"    {_short(one.target, *one.there) or '-'}"]
    files, sentences = count
    lines.append(f"In all {_reach(found.touched)}, of {_many(sentences, 'sentence')} in {_many(files, 'article')}")
    return "\n".join(lines) + "\n"


def _reach(touched: Sequence[Touched]) -> str:
    """`'12 sentences in 3 articles, 4 edited by people; 5 do not read so yet'`."""
    if not touched:
        return "no sentence"
    articles = len({one.slug for one in touched})
    theirs, missing = sum(one.edited for one in touched), sum(not one.met for one in touched)
    told = f"{_many(len(touched), 'sentence')} in {_many(articles, 'article')}, {theirs:,} edited by people"
    return f"{told}; {missing:,} not as the terms ask" if missing else told


def _applied_text(applied: Applied) -> str:
    lines = [
        f"{_many(len(applied.renewed), 'sentence')} translated anew, {len(applied.same):,} came out as they were; "
        f"of people's, {len(applied.flagged):,} flagged, {len(applied.kept):,} honour the terms already",
        *(f"  flagged  {name}" for name in applied.flagged),
    ]
    return "\n".join(lines) + "\n"


def _impact_told(found: Impact, examples: int) -> dict[str, Any]:
    return {
        "changes": [_change_told(change, found.of(change), examples) for change in found.changes],
        "segments": len(found.touched),
        "articles": found.articles,
        "edited": found.edited,
        "missing": found.missing,
        "touched": [
            {"segment": one.id, "state": one.state.value, "edited": one.edited, "met": one.met, "terms": list(one.by)}
            for one in found.touched
        ],
    }


def _change_told(change: Change, touched: Sequence[Touched], examples: int) -> dict[str, Any]:
    return {
        "how": change.how.value,
        "source": change.source,
        "old": [term.target for term in change.old],
        "new": [term.target for term in change.new],
        "segments": len(touched),
        "articles": len({one.slug for one in touched}),
        "edited": sum(one.edited for one in touched),
        "missing": sum(not one.met for one in touched),
        "examples": [
            {"segment": one.id, "source": one.source, "target": one.target, "state": one.state.value}
            for one in touched[:examples]
        ],
    }


def _applied_told(applied: Applied) -> dict[str, Any]:
    return {
        "renewed": list(applied.renewed),
        "same": list(applied.same),
        "flagged": list(applied.flagged),
        "kept": list(applied.kept),
        "problems": list(applied.problems),
    }


# --- usage -----------------------------------------------------------------------------------------------------------

USAGE = ("term", "English", "hits", "articles", "machine", "kept", "bettered", "changed", "into")


@click.command("usage", short_help="Say how often terms stand, and who keeps to them.")
@common("drafts", "glossary", "quiet")
@click.option("--html", "page_file", type=click.Path(path_type=Path, dir_okay=False),
              help="A page to read and to pass on instead, with the months.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout, with the months.")
def usage_command(
    drafts: Path, glossaries: tuple[Path, ...], quiet: bool, page_file: Path | None, as_json: bool
) -> None:
    """Say how often each term stands in the drafts, whether machine and people keep to it, and which never stands."""
    from translate.cli.scores import aligned
    from translate.files import write
    from translate.terminology.usage import rows, told, usage
    from translate.terminology.usagepage import page

    glossary = open_glossary(glossaries)
    with _indexed(drafts, quiet) as index:
        found = usage(glossary.base, index)
    if page_file is not None:
        write(page_file, page(found).encode("utf-8", "replace"))
        _say(f"{page_file}\n")
    if as_json:
        _told(told(found))
    if as_json or page_file is not None:
        return
    if found.terms:
        _say(aligned([USAGE, *rows(found.terms)]) + "\n")
    never = "; ".join(f"{term.source} ({term.target})" for term in found.never)
    _say(f"Never used: {never or 'none'}\n")


# --- candidates ------------------------------------------------------------------------------------------------------


@click.command("candidates", short_help="Propose terms: from texts, drafts or edits.")
@click.argument("texts", nargs=-1, type=click.Path(path_type=Path))
@common("drafts", "glossary")
@click.option(
    "--edits", is_flag=True, help="From what people keep changing in the drafts, not from how often words stand."
)
@click.option("--most", type=click.IntRange(1), default=100, show_default=True, help="Candidates shown.")
@click.option("--least", type=click.IntRange(1), default=2, show_default=True, help="How often one has to stand.")
@click.option("--listed", is_flag=True, help="Also those that the term base has.")
@click.option("--lines", is_flag=True, help="Lines for a term file, under the columns of the one in force.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def candidates_command(
    texts: tuple[Path, ...],
    drafts: Path,
    glossaries: tuple[Path, ...],
    edits: bool,
    most: int,
    least: int,
    listed: bool,
    lines: bool,
    as_json: bool,
) -> None:
    """Propose terms: from TEXTS (Arabic articles or folders of them) or else from the drafts, with their English."""
    from glossary import TermBase
    from translate import drafts as shelf
    from translate.terminology import candidates, proposals
    from translate.terminology import edits as habits

    if edits and texts:
        raise UsageError("--edits looks at drafts and at no texts", hint="leave the texts out")
    if lines and as_json:
        raise UsageError("--lines and --json are two forms of one report", hint="choose one of them")
    base = open_glossary(glossaries).base
    if edits:
        made = (shelf.load(path) for path in shelf.files([drafts]))
        proposed = [proposals.of_habit(one) for one in habits.habits(made, base, least)[:most]]
    else:
        read = _texts(texts) if texts else candidates.texts_of(shelf.load(path) for path in shelf.files([drafts]))
        found = (one for one in candidates.candidates(list(read), base) if one.count >= least)
        proposed = [proposals.of_candidate(one) for one in islice((o for o in found if listed or not o.listed), most)]
    if as_json:
        _told({"candidates": [asdict(one) for one in proposed]})
    elif lines:
        file = next((TermBase.bundled(str(path)) or path for path in glossaries), TermBase.default())
        _say(proposals.lines(proposed, proposals.columns_of(file)))
    else:
        _say("".join(f"{proposals.shown(one)}\n" for one in proposed) or "No candidates.\n")


def _texts(paths: Sequence[Path]) -> Iterator[Text]:
    """The sentences of articles."""
    from translate import readers
    from translate.cli.articles import article_files
    from translate.terminology.candidates import Text

    for path in article_files(paths):
        article = readers.read(path)
        yield from (Text(article.slug, segment.id, segment.text) for segment in article.segments())


# --- consistency -----------------------------------------------------------------------------------------------------


@click.command("consistency", short_help="Say what is called by more than one name.")
@common("drafts", "glossary")
@click.option("--phrases", type=click.IntRange(0), default=200, show_default=True,
              help="Frequent phrases outside the term base that are followed too.")  # fmt: skip
@click.option("--flag", is_flag=True, help="Put a finding (g-05) at the sentences that read otherwise than most.")
@click.option("--strict", is_flag=True, help="Exit 1 when a term or a sentence has more than one English.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def consistency_command(
    drafts: Path, glossaries: tuple[Path, ...], phrases: int, flag: bool, strict: bool, as_json: bool
) -> None:
    """Say which Arabic has more than one English in the drafts, and which English stands for more than one term."""
    from translate import drafts as shelf
    from translate.terminology.consistency import consistency, flagged, told

    base = open_glossary(glossaries).base
    paths = shelf.files([drafts])
    report = consistency((shelf.load(path) for path in paths), base, phrases)
    _told(told(report)) if as_json else _say(_consistency_text(report))
    changed = 0
    for path in paths if flag else ():
        draft = shelf.load(path)
        changed += shelf.save(flagged(draft, report), path, base=draft.fingerprint).fingerprint != draft.fingerprint
    if flag:
        click.echo(f"tarjuman: findings brought up to date in {_many(changed, 'draft')}", err=True)
    if strict and any(one.kind != "phrase" for one in report.waverings):
        click.get_current_context().exit(1)


def _consistency_text(report: Report) -> str:
    lines = []
    for one in report.waverings:
        lines.append(f"{one.kind}  {_short(one.source)}")
        lines += [f"  {r.count:>4}  {_short(r.english)}  ({', '.join(r.places[:3])})" for r in one.renderings]
    for shared in report.shared:
        sources = ", ".join(f"{source} {count}" for source, count in shared.sources)
        lines.append(f"one English  {shared.english}: {sources}")
    return "\n".join(lines or ["Everything has one English."]) + "\n"
