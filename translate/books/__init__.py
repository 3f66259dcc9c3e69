"""Drafts -> something to keep: a bilingual EPUB 3, a PDF with facing columns, and one JSON record an article.

`bound.bind` makes the EPUB, `printed.printed` the PDF (through Chromium), `record.record` the JSON. `content` puts the
text in the order of a book, `pages` renders the templates in `site_templates/book/`, `package` is the frame of an EPUB.
None of them changes a draft or asks a model anything.
"""
