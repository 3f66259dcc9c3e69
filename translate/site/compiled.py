"""How templates become Python: as Jinja does it, with what a page does a thousand times written out.

An attribute is asked for, what is printed is escaped, and a macro is called in place; Jinja calls functions that look
for everything that each might be, and makes a new object of every text. Whatever is not an ordinary attribute, text or
macro goes Jinja's own way, so that every template means what it meant. Knows no template and no page.
"""

from __future__ import annotations

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup, escape

try:
    from markupsafe._speedups import _escape_inner as escaped  # a text as text: nobody asks whether the page is safe
except ImportError:  # where there is no compiler, or another version

    def escaped(text: str, /) -> str:
        """`'a & b'` -> `'a &amp; b'`."""
        return str(escape(text))


__all__ = ["InPlace", "escaped", "marked", "safe"]


def marked(page: str) -> Markup:
    """What is safe already, said to be: as `Markup(page)`, which asks first what it is given."""
    return str.__new__(Markup, page)


def safe(text: str) -> Markup:
    """`'a & b'` -> the same escaped: as `markupsafe.escape` of a plain text, which asks three times what it is."""
    return marked(escaped(text))


class InPlace(CodeGenerator):
    """Writes the code of a template."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802 - Jinja's name
        """All of it, with what the rest needs by name."""
        self.writeline(f"from {__name__} import escaped")
        super().visit_Template(node, frame)

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 - Jinja's name
        """`pair.id`: an attribute, or what else Jinja takes it for."""
        self.write("(_found if (_found := getattr(_of := ")
        self.visit(node.node, frame)
        self.write(f", {node.attr!r}, missing)) is not missing else environment.getattr(_of, {node.attr!r}))")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802
        """`sentences(pairs)`: a macro is called as such; whose arguments hold calls would be written twice as often."""
        if forward_caller or any(True for _ in node.find_all(nodes.Call)):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.write("(_macro(context.eval_ctx")
        self.signature(node, frame)
        self.write(") if type(_macro := ")
        self.visit(node.node, frame)
        self.write(") is Macro else ")
        super().visit_Call(node, frame)
        self.write(")")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("(_said if type(_said := ")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_post(node, frame, finalize)
        else:
            self.write(") is Markup else escaped(_said) if type(_said) is str else escape(_said))")
