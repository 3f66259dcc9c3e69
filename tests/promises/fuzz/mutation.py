"""Real files, damaged: the bytes, the marks of XML, the values of JSON, the cells of tables, the parts of a zip file.

A mutation takes a `random.Random` and a file that can be read, and gives one that mostly still can. Knows no format of
ours: what it changes is found by the syntax below it.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Sequence
from random import Random

from promises.fuzz.generators import NUMBERS, cell, odd, pick, value

Mutation = Callable[[Random, bytes], bytes]

_XML_PIECES = re.compile(r"<[^<>]*>|[^<>]+|[<>]")
_QUOTED = re.compile(r'="[^"]*"')
_DIGITS = re.compile(r"[0-9]+")


def of_bytes(random: Random, data: bytes) -> bytes:
    """A few bytes changed, left out, doubled or put in."""
    made = bytearray(data)
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        if not made:
            break
        at = random.randrange(len(made))
        behind = min(len(made), at + random.choice((1, 2, 8, 64, 500)))
        kind = random.randrange(7)
        if kind == 0:
            made[at] = random.randrange(256)
        elif kind == 1:
            made[at] ^= 1 << random.randrange(8)
        elif kind == 2:
            del made[at:behind]
        elif kind == 3:
            made[at:at] = made[at:behind]
        elif kind == 4:
            made[at:at] = odd(random).encode("utf-8", "surrogatepass")
        elif kind == 5:
            del made[at:]
        else:
            made[at:behind] = b"\xff\xfe\x00\x80\xed\xa0\x80"[: behind - at]
    return bytes(made)


def _as_text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def of_numbers(random: Random, data: bytes) -> bytes:
    """A number that is another one."""
    found = list(_DIGITS.finditer(told := _as_text(data)))
    if not found:
        return of_bytes(random, data)
    spot = random.choice(found)
    return (told[: spot.start()] + pick(random, NUMBERS) + told[spot.end() :]).encode("utf-8", "replace")


def of_xml(random: Random, data: bytes) -> bytes:
    """Elements doubled, moved, left out; attributes and texts that say something odd."""
    pieces = _XML_PIECES.findall(_as_text(data))
    for _ in range(random.choice((1, 1, 2, 3))):
        if not pieces:
            break
        at = random.randrange(len(pieces))
        piece, kind = pieces[at], random.randrange(9)
        if kind == 0:
            pieces.insert(at, piece)
        elif kind == 1:
            del pieces[at]
        elif kind == 2:
            other = random.randrange(len(pieces))
            pieces[at], pieces[other] = pieces[other], pieces[at]
        elif kind < 6 and (quoted := list(_QUOTED.finditer(piece))):
            spot = random.choice(quoted)
            said = pick(random, NUMBERS) if random.random() < 0.4 else _escaped(odd(random))
            pieces[at] = piece[: spot.start()] + f'="{said}"' + piece[spot.end() :]
        elif piece.startswith("<"):
            pieces[at] = piece.replace(
                " ", f' {pick(random, ("xml:lang", "id", "type", "x", "ref", "state"))}="{pick(random, NUMBERS)}" ', 1
            )
        else:
            pieces[at] = _escaped(odd(random)) if random.random() < 0.7 else odd(random)
    return "".join(pieces).encode("utf-8", "replace")


def _escaped(said: str) -> str:
    """Fit for XML, so that it is read and not refused; controls left out."""
    kept = re.sub("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", said)
    return kept.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def of_cells(random: Random, data: bytes) -> bytes:
    """Cells of a table that say something else."""
    lines = _as_text(data).split("\n")
    for _ in range(random.choice((1, 1, 2, 5))):
        at = random.randrange(len(lines))
        cells = lines[at].split("\t")
        cells[random.randrange(len(cells))] = cell(random) if random.random() < 0.6 else odd(random)
        if random.random() < 0.1:
            cells.append(cell(random))
        lines[at] = "\t".join(cells)
    return "\n".join(lines).encode("utf-8", "replace")


def of_lines(random: Random, data: bytes) -> bytes:
    """Lines moved, doubled, glued, and odd words in them."""
    lines = _as_text(data).split("\n")
    for _ in range(random.choice((1, 2, 3))):
        at, other = random.randrange(len(lines)), random.randrange(len(lines))
        kind = random.randrange(5)
        if kind == 0:
            lines[at], lines[other] = lines[other], lines[at]
        elif kind == 1:
            lines.insert(at, lines[other])
        elif kind == 2:
            lines[at : at + 2] = ["".join(lines[at : at + 2])]
        else:
            spot = random.randrange(len(lines[at]) + 1)
            lines[at] = lines[at][:spot] + odd(random) + lines[at][spot:]
    return "\n".join(lines).encode("utf-8", "replace")


def of_values(random: Random, made: object) -> object:
    """A JSON value in which one value is another."""
    if random.random() < 0.12 or not isinstance(made, dict | list) or not made:
        return value(random)
    if isinstance(made, dict):
        name = random.choice(list(made))
        if random.random() < 0.1:
            return {key: one for key, one in made.items() if key != name}
        return {**made, name: of_values(random, made[name])}
    at = random.randrange(len(made))
    return [*made[:at], of_values(random, made[at]), *made[at + 1 :]]


def of_json_lines(random: Random, data: bytes) -> bytes:
    """Lines of JSON with other values."""
    lines = data.split(b"\n")
    at = random.randrange(len(lines))
    try:
        made = of_values(random, json.loads(lines[at]))
    except ValueError:
        return of_bytes(random, data)
    lines[at] = json.dumps(made, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return b"\n".join(lines)


def of_parts(random: Random, data: bytes) -> bytes:
    """A zip archive with one part damaged, under other names, or twice; its checksums are right."""
    if random.random() < 0.15:
        return of_bytes(random, data)
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        parts = [(part.filename, old.read(part)) for part in old.infolist()]
    at = random.randrange(len(parts))
    name, content = parts[at]
    kind = random.random()
    if kind < 0.8:
        parts[at] = (name, (of_xml if random.random() < 0.9 else of_bytes)(random, content))
    elif kind < 0.87:
        del parts[at]
    elif kind < 0.94:
        parts[at] = (
            pick(random, ("../x.xml", "/x", "xl/worksheets/sheet2.xml", "x\0y", "[Content_Types].xml")),
            content,
        )
    else:
        parts[at] = (name, parts[random.randrange(len(parts))][1])
    return packed(parts)


def without(data: bytes, *names: str) -> bytes:
    """A zip archive without some of its parts."""
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        return packed([(part.filename, old.read(part)) for part in old.infolist() if part.filename not in names])


def packed(parts: Sequence[tuple[str, bytes]]) -> bytes:
    """A zip archive, stored."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as new:
        for name, content in dict(parts).items():
            new.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


def any_of(*several: Mutation) -> Mutation:
    """One of several, the first most often."""

    def mutate(random: Random, data: bytes) -> bytes:
        at = 0 if random.random() < 0.5 else random.randrange(len(several))
        return several[at](random, data)

    return mutate
