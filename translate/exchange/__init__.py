"""Drafts to other programs and back: XLIFF 1.2 and 2.1, TMX, XLSX, TSV, and Markdown to read.

Reading tour: `row` (what all formats share), `codes` (formatting as numbered codes), one file a format (`xliff12`,
`xliff21`, `tmx`, `sheet` for TSV, `workbook` for XLSX, `page` for Markdown), `formats` (their table), `merge` (rows
into a draft), `incoming` (files into a folder of drafts).
"""
