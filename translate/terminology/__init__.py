"""What a terminologist asks of an archive: what a change touches, how terms are used, which are missing, which waver.

`index` keeps the drafts' sentences by their words; `impact` and `applying` tell and carry out what a changed term base
means; `usage`, `candidates`, `rewordings` and `consistency` read what people and machine made of the terms. Each is
asked for by its own name, so that none loads more than it needs.
"""
