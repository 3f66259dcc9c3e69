"""Parquet in and out, by pyarrow, which is loaded only here and only when a file of that kind is named.

Rows in, a few at a time; rows out, in groups of a fixed size, so that the same rows make the same bytes.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from translate.errors import ArticleError, OutputError, UsageError

AT_ONCE = 64
"""Rows read together; an article may be long."""
GROUP = 512
"""Rows written together."""


def _arrow(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        hint = "Install it with: pip install 'tarjuman[parquet]', or use JSONL"
        raise UsageError("Parquet needs the package pyarrow, which is not installed", hint=hint) from error


def rows(path: Path) -> int:
    """How many rows a file has."""
    with _opened(path) as file:
        return int(file.metadata.num_rows)


def read(path: Path, wanted: frozenset[str]) -> Iterator[tuple[str, int, Mapping[str, object] | str]]:
    """The rows of a file, with their number; only the columns wanted."""
    arrow = _arrow("pyarrow")
    with _opened(path) as file:
        columns = [name for name in file.schema_arrow.names if name in wanted]
        number = 0
        try:
            for batch in file.iter_batches(batch_size=AT_ONCE, columns=columns):
                for record in batch.to_pylist():
                    number += 1
                    yield str(number), number, record
        except (arrow.ArrowException, OSError, ValueError, OverflowError) as error:  # damaged text, dates out of reach
            raise ArticleError(f"cannot be read on after row {number} ({_line(error)})", str(path)) from error


def _opened(path: Path) -> Any:
    arrow, file = _arrow("pyarrow"), _arrow("pyarrow.parquet")
    try:
        return file.ParquetFile(path)
    except (arrow.ArrowException, OSError, ValueError) as error:
        raise ArticleError(f"is no Parquet file ({_line(error)})", str(path)) from error


class Writer:
    """A Parquet file of articles that is being written."""

    def __init__(self, path: Path) -> None:
        """Begin the file."""
        arrow, file = _arrow("pyarrow"), _arrow("pyarrow.parquet")
        self._arrow, self._rows = arrow, list[Mapping[str, object]]()
        self._path, self._schema = path, _schema(arrow)
        try:
            self._file = file.ParquetWriter(path, self._schema, compression="zstd")
        except (arrow.ArrowException, OSError) as error:
            raise OutputError(f"cannot be written ({_line(error)})", str(path)) from error

    def write(self, record: Mapping[str, object]) -> None:
        """Add a row."""
        meta = record["meta"]
        assert isinstance(meta, Mapping)
        self._rows.append({**record, "meta": list(meta.items())})
        if len(self._rows) >= GROUP:
            self._flush()

    def close(self) -> None:
        """Finish the file."""
        self._flush()
        self._file.close()

    def _flush(self) -> None:
        if self._rows:
            try:
                self._file.write_table(self._arrow.Table.from_pylist(self._rows, schema=self._schema))
            except (self._arrow.ArrowException, OSError) as error:
                raise OutputError(f"cannot be written ({_line(error)})", str(self._path)) from error
            self._rows.clear()


def _schema(arrow: Any) -> Any:
    """The columns; `outlets.record` makes the rows."""
    text = arrow.string()
    use = arrow.struct([(name, text) for name in ("source", "target", "status", "surface")])
    finding = arrow.struct([(name, text) for name in ("check", "severity", "message")])
    segment = arrow.struct(
        [
            *((name, text) for name in ("id", "kind", "source", "target", "state", "signature")),
            ("score", arrow.float64()),
            ("terms", arrow.list_(use)),
            ("findings", arrow.list_(finding)),
        ]
    )
    return arrow.schema(
        [
            ("article", text),
            ("name", text),
            ("meta", arrow.map_(text, text)),
            ("title", text),
            ("english", text),
            ("segments", arrow.list_(segment)),
        ]
    )


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
