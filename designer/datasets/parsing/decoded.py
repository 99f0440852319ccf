"""The size of Parquet or Arrow columns once decoded, when a value shared by many rows counts for each row."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from designer.datasets.parsing.limits import MOST_TABLE_BYTES

VIEW = 16  # bytes of a text in a table beside its characters
WIDTHS = {"BOOLEAN": 1 / 8, "INT32": 4, "INT64": 8, "INT96": 8, "FLOAT": 4, "DOUBLE": 8}
LOGICAL = {"FLOAT16": 2, "UNKNOWN": VIEW}  # a null column becomes missing texts
SMALL = {"INT_8": 1, "UINT_8": 1, "INT_16": 2, "UINT_16": 2}
# With these encodings a value takes at least as much in the file as in the table; with a dictionary or shared prefixes it may take less.
WHOLE = {"PLAIN", "RLE", "BIT_PACKED", "DELTA_LENGTH_BYTE_ARRAY"}
ROWS, FEW_ROWS = 65_536, 1_024
Judge = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Texts:
    """A text column that may store equal values once."""

    path: str
    bound: int
    by_dictionary: bool
    copied: bool


def judge_parquet(path: Path, facts: Any, copied: Collection[str], judge: Judge) -> None:
    """Check a Parquet file by its footer, and where that is not enough, by the lengths of its texts.

    Args:
        path: The file.
        facts: The footer's metadata.
        copied: The columns whose texts are written for each row, even where the file stores equal ones once.
        judge: Gets the least size of the table and the total size of its values; raises to reject the file.
    """
    size = 0.0
    texts = []
    for place in range(facts.num_columns):
        column = facts.schema.column(place)
        if column.physical_type != "BYTE_ARRAY":
            size += _values(facts, place, column) * _width(column)
            continue
        chunks = [facts.row_group(group).column(place) for group in range(facts.num_row_groups)]
        size += VIEW * sum(chunk.num_values for chunk in chunks)
        shared = [chunk for chunk in chunks if chunk.has_dictionary_page or not WHOLE.issuperset(chunk.encodings)]
        bound = sum(chunk.num_values * chunk.total_uncompressed_size for chunk in shared)
        by_dictionary = all(chunk.has_dictionary_page for chunk in shared)
        if shared:
            texts.append(Texts(column.path, bound, by_dictionary, column.path in copied))
    judge(int(size), 0)
    if size + sum(column.bound for column in texts) > MOST_TABLE_BYTES or any(column.copied for column in texts):
        _judge_texts(path, texts, int(size), judge)


def _values(facts: Any, place: int, column: Any) -> int:
    if column.max_repetition_level == 0:
        return int(facts.num_rows)
    return sum(facts.row_group(group).column(place).num_values for group in range(facts.num_row_groups))


def _width(column: Any) -> float:
    if (logical := column.logical_type.type) in LOGICAL:
        return LOGICAL[logical]
    if column.physical_type == "FIXED_LEN_BYTE_ARRAY":
        return 8 if column.converted_type == "DECIMAL" else VIEW + column.length
    return SMALL.get(column.converted_type) or WIDTHS[column.physical_type]


def _judge_texts(path: Path, texts: list[Texts], size: int, judge: Judge) -> None:
    decoded = size
    for column in texts:
        with pq.ParquetFile(path, memory_map=True, read_dictionary=[column.path] if column.by_dictionary else None) as file:
            rows = ROWS if column.by_dictionary else FEW_ROWS
            for batch in file.iter_batches(rows, columns=[column.path], use_threads=False):
                more = letters(batch.column(0))
                decoded += more
                size += more if column.copied else 0
                judge(size, decoded)


def letters(array: Any) -> int:
    """The bytes of all texts in an array and its nested arrays, each counted as often as it occurs."""
    kind = array.type
    if pa.types.is_dictionary(kind):
        return _sum(_lengths(array.dictionary).take(array.indices)) if _is_text(array.dictionary.type) else 0
    if _is_text(kind):
        return _sum(_lengths(array))
    if pa.types.is_struct(kind):
        return sum(letters(array.field(place)) for place in range(kind.num_fields))
    if pa.types.is_map(kind):
        return letters(array.keys) + letters(array.items)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        return letters(array.flatten())
    return 0


def shares(kind: Any) -> bool:
    """Whether a type may store equal texts once for many rows."""
    if pa.types.is_dictionary(kind) or pa.types.is_string_view(kind) or pa.types.is_binary_view(kind):
        return True
    return any(shares(kind.field(place).type) for place in range(kind.num_fields))


def _is_text(kind: Any) -> bool:
    plain = pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind)
    return bool(plain or pa.types.is_string_view(kind) or pa.types.is_binary_view(kind))


def _lengths(array: Any) -> Any:
    if pa.types.is_string_view(array.type) or pa.types.is_binary_view(array.type):
        views = np.frombuffer(array.buffers()[1], "<i4").reshape(-1, 4)
        return pa.array(views[array.offset : array.offset + len(array), 0], mask=array.is_null().to_numpy(zero_copy_only=False))
    return pc.binary_length(array)


def _sum(lengths: Any) -> int:
    return int(pc.sum(lengths.cast(pa.int64())).as_py() or 0)
