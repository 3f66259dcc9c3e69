"""The machine as the commands reach it that change drafts sentence by sentence: made when it is first asked.

What the desk and `tarjuman glossary impact` share. Knows how an engine is made and what a pipeline does with it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from threading import Lock
from typing import TYPE_CHECKING

from translate.cli.parts import MAKERS

if TYPE_CHECKING:
    from glossary import TermBase
    from translate.document import Alternative, Article, Target
    from translate.engines.base import Engine
    from translate.pipeline import Glossary


class Lazily:
    """An engine that is made when somebody first asks, and asked by one at a time."""

    def __init__(self, engine: str, model: str, threads: int, device: str, terms: Callable[[], TermBase]) -> None:
        """`terms` are those in force whenever it is asked."""
        self._how = (engine, model, threads, device)
        self._terms = terms
        self._lock = Lock()
        self._made: Engine | None = None
        self._compiled: Glossary | None = None

    def again(self, article: Article, segments: Collection[str]) -> Mapping[str, Target]:
        """Sentences with their terms, as `tarjuman draft` would make them."""
        return self.together([(article, segments)])[0]

    def together(self, asked: Sequence[tuple[Article, Collection[str]]]) -> list[Mapping[str, Target]]:
        """The same for several articles in one go, so that batches are full."""
        from translate import pipeline
        from translate.decode import decode

        with self._lock:
            glossary = self._glossary()
            todo = [[job for job in pipeline.jobs(one, glossary) if job.segment.id in names] for one, names in asked]
            everything = [job for some in todo for job in some]
            made = iter(decode(everything, self._engine()) if everything else [])
            found = [{job.segment.id: next(made) for job in some} for some in todo]
            return [{name: target for name, target in some.items() if target.text.strip()} for some in found]

    def several(self, article: Article, segment: str, count: int) -> Sequence[Alternative]:
        """The translation with its terms, then what else the engine would say, best first, each text once."""
        from translate.document import Alternative, Origin
        from translate.engines.base import Request

        first = self.again(article, [segment]).get(segment)
        (text,) = [one.text for one in article.segments() if one.id == segment]
        with self._lock:
            (found,) = self._engine().translate([Request(text, n_best=count)])
        others = [
            Alternative(one.text, Origin.MACHINE, "", round(one.score, 4))
            for one in found
            if one.text.strip() and not one.cut
        ]
        if first is not None:
            others.insert(0, Alternative(first.text, first.origin, first.signature, first.score, marks=first.marks))
        return list({one.text: one for one in reversed(others)}.values())[::-1][:count]

    def _glossary(self) -> Glossary:
        from translate.pipeline import Glossary

        base = self._terms()
        if self._compiled is None or self._compiled.base is not base:
            self._compiled = Glossary.of(base)
        return self._compiled

    def _engine(self) -> Engine:
        if self._made is None:
            engine, model, threads, device = self._how
            self._made = MAKERS[engine](model, threads, device)
        return self._made
