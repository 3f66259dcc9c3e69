"""Templates mean the same whether Jinja writes their code or we do: what they print, and how they fail."""

from __future__ import annotations

import jinja2
import pytest
from markupsafe import Markup, escape

from translate.site.compiled import escaped, safe
from translate.site.templates import environment


class Thing:
    """Something with attributes of every kind."""

    text = "<x> & 'y'"
    number = 5
    markup = Markup("<b>")

    def said(self, *given: object, **named: object) -> str:
        return f"{given}{named}<"

    @property
    def broken(self) -> str:
        raise AttributeError("nothing here")

    def __html__(self) -> str:
        return "<i>"


TEMPLATES = [
    "{{ it }}{{ it.text }}{{ it.markup }}{{ it.number }}{{ none }}{{ 1.5 }}{{ it.said(1, it.text, k=it.number) }}",
    '{{ row.name }}{{ row["name"] }}{{ row.list|length }}{{ it.text ~ it.markup }}{{ it.text|upper }}',
    "{{ it.text|safe }}{{ it.number|int }}",
    '{% macro m(x, y="q<") %}[{{ x }}{{ y }}{{ varargs }}{{ kwargs }}]{{ caller() if caller else "" }}{% endmacro %}'
    "{{ m(it.text) }}{{ m(1, 2, 3, z=4) }}{% call m(it.text) %}in <{{ it.markup }}{% endcall %}{{ m(m(it.text)) }}",
    "{% macro r(n) %}{{ n }}{% if n %}{{ r(n - 1) }}{% endif %}{% endmacro %}{{ r(3) }}",
    "{% macro p(x) %}<{{ x }}>{% endmacro %}{{ p(it.text) }}{% set v = p(it.text) %}{{ v }}{{ v ~ it.text }}{{ p(v) }}",
    "{% macro p(x) %}<{{ x }}>{% endmacro %}{% autoescape false %}{{ p(it.text) }}{% endautoescape %}{{ p(x=1) }}",
    "{% macro p(x) %}<{{ x }}>{% endmacro %}{{ p(1, 2) }}",
    "{% macro e() %}{{ caller(it.text) }}{% endmacro %}{% call(x) e() %}{{ x }}{{ it.text }}{% endcall %}",
    "{% for one in row.list if one.text is defined %}{{ loop.index }}{{ one.text }}{% else %}none{% endfor %}",
    "{{ it.missing is defined }}{{ it.broken is defined }}{{ it.missing|default('k<') }}",
    "{% set v %}<{{ it.text }}>{% endset %}{{ v }}{% autoescape false %}{{ it.text }}{% endautoescape %}",
    "{% filter upper %}{{ it.text }}{% endfilter %}{{ row.list|map(attribute='text')|join(',') }}",
    "{{ it.missing }}",
    "{{ it.missing.more }}",
    "{{ it.broken }}",
    "{{ nothing.more }}",
    "{{ nothing(it.text) }}",
    "{{ it.text(1) }}",
]


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_means_what_it_means_to_jinja(template: str) -> None:
    plain = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    assert _rendered(environment(), template) == _rendered(plain, template)


def _rendered(environment: jinja2.Environment, template: str) -> tuple[str, str]:
    """What comes out, or what went wrong."""
    try:
        return "", environment.from_string(template).render(it=Thing(), row={"name": "<", "list": [Thing()]})
    except (jinja2.TemplateError, TypeError) as error:
        return type(error).__name__, str(error)


@pytest.mark.parametrize("text", ["", "plain", "<a href=\"x\">'&amp;'</a>", "قال «نعم» & مضى", "\U0001f600<"])
def test_a_text_is_escaped_as_markupsafe_does(text: str) -> None:
    assert escaped(text) == str(escape(text))
    assert safe(text) == escape(text)
    assert type(safe(text)) is Markup
