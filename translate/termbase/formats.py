"""The forms in which a term base leaves and comes back: a literal table, one file each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from glossary.writing import Table
from translate.errors import InputError, UsageError
from translate.termbase import separated, tbx, tmx, xlsx
from translate.termbase.incoming import Incoming


@dataclass(frozen=True, slots=True)
class Format:
    """One form."""

    endings: tuple[str, ...]
    """(".xlsx",) - the first is the one we write."""
    dump: Callable[[Table], bytes]
    read: Callable[[bytes, str], Incoming]


FORMATS: Mapping[str, Format] = {
    "tsv": Format((".tsv", ".txt"), separated.dump_tsv, separated.read),
    "csv": Format((".csv",), separated.dump_csv, separated.read),
    "xlsx": Format((".xlsx",), xlsx.dump, xlsx.read),
    "tbx": Format((".tbx", ".xml"), tbx.dump, tbx.read),
    "tbx2": Format((".tbx2",), tbx.dump_v2, tbx.read),
    "tmx": Format((".tmx",), tmx.dump, tmx.read),
}


def of(path: Path, form: str = "") -> Format:
    """By name, or by the ending of a file.

    Raises:
        UsageError: neither says it.
    """
    if form:
        return FORMATS[form]
    for found in FORMATS.values():
        if path.suffix.lower() in found.endings:
            return found
    raise UsageError("the ending does not say which format this is", str(path), f"Add --format {'|'.join(FORMATS)}")


def read(path: Path, form: str = "") -> Incoming:
    """What a file from another program says.

    Raises:
        InputError: it cannot be read, or has no terms.
    """
    chosen = of(path, form)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", str(path), "Check the path") from error
    return chosen.read(data, str(path))
