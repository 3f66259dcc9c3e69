"""Term bases in other forms: spreadsheets, TBX and TMX, out and back; and what a text shows when terms are tried on it.

`formats` is the table of forms. What a term is, and how its file is written, is known to the package `glossary`.
"""
