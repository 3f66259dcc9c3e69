"""What a printed page looks like before the style says so: its size, and the running heads of every article.

Texts become CSS here and nowhere else, every character of them as its number, so that none can end a string.
"""

from __future__ import annotations

from translate.books.content import Book, Chapter, short

PAPERS = {
    "a4": "210mm 297mm",
    "letter": "8.5in 11in",
    "a4-spread": "297mm 210mm",
    "letter-spread": "11in 8.5in",
}
"""Name -> width and height. A spread is a sheet laid crosswise: Arabic and English are a page each."""
DEFAULT_PAPER = "a4"
ENDS = (("glossary", "Glossary", "المسرد"), ("provenance", "How this translation was made", "كيف صُنعت هذه الترجمة"))
HEAD = {False: 48, True: 80}
"""Characters of a running head, on a sheet and on a spread."""
RTL_ISOLATE, LTR_ISOLATE, END = "\u2067", "\u2066", "\u2069"


def sheets(book: Book, paper: str) -> str:
    """The rules for the pages of a book: their size, and a running head in both languages for every article."""
    rules = [f"@page {{ size: {PAPERS[paper]}; }}"]
    room = HEAD[paper.endswith("-spread")]
    rules += [_named(f"article-{at}", *_heads(chapter, room)) for at, chapter in enumerate(book.chapters, 1)]
    rules += [_named(*end) for end in ENDS]
    return "\n".join(rules) + "\n"


def _heads(chapter: Chapter, room: int) -> tuple[str, str]:
    """In English and in Arabic; an article without a title has its name."""
    return (
        short(chapter.english or ("" if chapter.arabic else chapter.article.slug), room),
        short(chapter.arabic, room),
    )


def _named(name: str, english: str, arabic: str) -> str:
    """English stands at the left and Arabic at the right, as the columns below them do."""
    left, right = string(f"{LTR_ISOLATE}{english}{END}"), string(f"{RTL_ISOLATE}{arabic}{END}")
    heads = f"@top-left {{ content: {left}; }} @top-right {{ content: {right}; }}"
    return f"@page {name} {{ {heads} }}\n#{name} {{ page: {name}; }}"


def string(text: str) -> str:
    r"""`'a"b'` -> `'"\000061\000022\000062"'`: a string of CSS that is nothing else, whatever the text."""
    return '"' + "".join(f"\\{ord(character):06x}" for character in text) + '"'
