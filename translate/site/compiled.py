"""How templates become Python: as Jinja does it, with what a page does a thousand times written out.

An attribute is asked for, what is printed is escaped, and a macro is called in place; Jinja calls functions that look
for everything that each might be, and makes a new object of every text. Whatever is not an ordinary attribute, text or
macro goes Jinja's own way, so that every template means what it meant. Knows no template and no page.
"""

from __future__ import annotations

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame, MacroRef
from jinja2.runtime import Macro
from markupsafe import Markup, escape

try:
    from markupsafe._speedups import _escape_inner as escaped  # a text as text: nobody asks whether the page is safe
except ImportError:  # where there is no compiler, or another version

    def escaped(text: str, /) -> str:
        """`'a & b'` -> `'a &amp; b'`."""
        return str(escape(text))


__all__ = ["InPlace", "Plain", "escaped", "marked", "safe"]


def marked(page: str) -> Markup:
    """What is safe already, said to be: as `Markup(page)`, which asks first what it is given."""
    return str.__new__(Markup, page)


def safe(text: str) -> Markup:
    """`'a & b'` -> the same escaped: as `markupsafe.escape` of a plain text, which asks three times what it is."""
    return marked(escaped(text))


class Plain(Macro):
    """A macro that asks for nothing but its arguments: given as many as it has, its function may be called as it is."""


class InPlace(CodeGenerator):
    """Writes the code of a template."""

    _printed: nodes.Node | None = None
    """A call that is being printed, which looks at the macro by itself."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802 - Jinja's name
        """All of it, with what the rest needs by name."""
        self.writeline(f"from {__name__} import Plain, escaped, marked")
        super().visit_Template(node, frame)

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 - Jinja's name
        """`pair.id`: an attribute, or what else Jinja takes it for."""
        self.write("(_found if (_found := getattr(_of := ")
        self.visit(node.node, frame)
        self.write(f", {node.attr!r}, missing)) is not missing else environment.getattr(_of, {node.attr!r}))")

    def macro_def(self, macro_ref: MacroRef, frame: Frame) -> None:
        """As Jinja's, of a class of its own where the macro is plain."""
        if macro_ref.accesses_kwargs or macro_ref.accesses_varargs or macro_ref.accesses_caller:
            super().macro_def(macro_ref, frame)
            return
        name, arguments = getattr(macro_ref.node, "name", None), tuple(one.name for one in macro_ref.node.args)
        told = f"{name!r}, {arguments!r}, False, False, False, context.eval_ctx.autoescape"
        self.write(f"Plain(environment, macro, {told})")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802
        """`sentences(pairs)`: a plain macro is called as a function."""
        if forward_caller or node is self._printed or not _ordinary(node, frame):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.write("(")
        self._called(node, frame, "marked(", ")")
        super().visit_Call(node, frame)
        self.write(")")

    def _called(self, node: nodes.Call, frame: Frame, before: str = "", behind: str = "") -> None:
        """What a plain macro gives, or else what is written next."""
        self.write(f"{before}_macro._func(")
        for argument in node.args:
            self.visit(argument, frame)
            self.write(", ")
        self.write(f"){behind} if type(_macro := ")
        self.visit(node.node, frame)
        self.write(f") is Plain and _macro._argument_count == {len(node.args)} else ")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if not _escaping(frame) or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
            return
        self.write("(")
        if isinstance(node, nodes.Call) and _ordinary(node, frame):
            self._called(node, frame)  # what it gives is printed as it is, without being made safe first
            self._printed = node
        self.write("_said if type(_said := ")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if not _escaping(frame) or finalize.src is not None:
            super()._output_child_post(node, frame, finalize)
        else:
            self.write(") is Markup else escaped(_said) if type(_said) is str else escape(_said))")


def _escaping(frame: Frame) -> bool:
    """Whether what is printed here is escaped, whatever comes."""
    return bool(frame.eval_ctx.autoescape and not frame.eval_ctx.volatile)


def _ordinary(node: nodes.Call, frame: Frame) -> bool:
    """A call that may be of a plain macro; one whose arguments hold calls would be written twice as often."""
    named = node.kwargs or node.dyn_args or node.dyn_kwargs
    return _escaping(frame) and not named and not any(True for _ in node.find_all(nodes.Call))
