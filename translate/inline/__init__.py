"""Inline formatting as marks beside plain text: read from Markdown, cut, carried over to English, written out again.

Spans (emphasis, strong, strike, link) lie over words that are translated. Atoms (code, image, break, html) stand in the
text: code, image and break cover their own characters; raw HTML covers none and lives in the mark's data, so that no
engine ever sees a tag. An atom that has no place in the English is written behind it, from its data, rather than lost.
Knows no blocks, files or engines.
"""
