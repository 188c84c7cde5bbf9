"""Columns of text handed to DuckDB through Arrow's C interface, without a copy and without pyarrow.

The structures and who lets go of what: https://arrow.apache.org/docs/format/CDataInterface.html,
CStreamInterface.html and CDataInterface/PyCapsuleInterface.html. All memory stays ours: letting go
only marks what was handed out, as the interface wants it. So a `Stream` must outlive the query.
"""

import ctypes
from collections.abc import Sequence
from ctypes import CFUNCTYPE, POINTER, c_char_p, c_int, c_int64, c_void_p, pointer
from typing import Any

import numpy as np

from evidence.logs.texts import Array, Buffers

Batch = tuple[Sequence[Array], Buffers]  # columns of views, all of one length; what they view
_TEXT_VIEW, _STRUCT, _NULLABLE = b"vu", b"+s", 2


class _Schema(ctypes.Structure):
    pass


class _Array(ctypes.Structure):
    pass


class _Stream(ctypes.Structure):
    pass


_LetSchemaGo = CFUNCTYPE(None, POINTER(_Schema))
_LetArrayGo = CFUNCTYPE(None, POINTER(_Array))
_LetStreamGo = CFUNCTYPE(None, POINTER(_Stream))
_GetSchema = CFUNCTYPE(c_int, POINTER(_Stream), POINTER(_Schema))
_GetNext = CFUNCTYPE(c_int, POINTER(_Stream), POINTER(_Array))
_GetError = CFUNCTYPE(c_char_p, POINTER(_Stream))
_Schema._fields_ = [
    ("format", c_char_p),
    ("name", c_char_p),
    ("metadata", c_char_p),
    ("flags", c_int64),
    ("n_children", c_int64),
    ("children", POINTER(POINTER(_Schema))),
    ("dictionary", c_void_p),
    ("release", _LetSchemaGo),
    ("private", c_void_p),
]
_Array._fields_ = [
    ("length", c_int64),
    ("null_count", c_int64),
    ("offset", c_int64),
    ("n_buffers", c_int64),
    ("n_children", c_int64),
    ("buffers", POINTER(c_void_p)),
    ("children", POINTER(POINTER(_Array))),
    ("dictionary", c_void_p),
    ("release", _LetArrayGo),
    ("private", c_void_p),
]
_Stream._fields_ = [
    ("get_schema", _GetSchema),
    ("get_next", _GetNext),
    ("get_last_error", _GetError),
    ("release", _LetStreamGo),
    ("private", c_void_p),
]
_new_capsule = ctypes.pythonapi.PyCapsule_New
_new_capsule.restype = ctypes.py_object
_new_capsule.argtypes = [c_void_p, c_char_p, c_void_p]


# These live as long as the process: DuckDB calls them when it forgets a query, which may be later.
@_LetSchemaGo
def _let_schema_go(given: Any) -> None:
    given.contents.release = _LetSchemaGo()


@_LetArrayGo
def _let_array_go(given: Any) -> None:
    given.contents.release = _LetArrayGo()


@_LetStreamGo
def _let_stream_go(given: Any) -> None:
    given.contents.release = _LetStreamGo()


@_GetError
def _get_error(_stream: Any) -> bytes:
    return b"no more is known"


class Stream:
    """Batches of columns with these names, read once."""

    def __init__(self, names: Sequence[str], batches: Sequence[Batch]) -> None:
        self._names, self._batches = names, iter(batches)
        self._kept: list[Any] = [batches]
        self._stream = _Stream(
            _GetSchema(self._get_schema), _GetNext(self._get_next), _get_error, _let_stream_go
        )

    def capsule(self) -> object:
        """What DuckDB can register and scan."""
        return _new_capsule(ctypes.addressof(self._stream), b"arrow_array_stream", None)

    def close(self) -> None:
        """Lets the batches go, once the query is over."""
        self._batches = iter(())
        self._kept.clear()

    def _keep(self, given: Any) -> Any:
        self._kept.append(given)
        return given

    def _pointers(self, kind: Any, parts: list[Any]) -> Any:
        return self._keep((POINTER(kind) * len(parts))(*map(pointer, self._keep(parts))))

    def _get_schema(self, _stream: Any, out: Any) -> int:
        columns = [
            _Schema(_TEXT_VIEW, name.encode(), None, _NULLABLE, 0, None, None, _let_schema_go)
            for name in self._names
        ]
        children = self._pointers(_Schema, columns)
        out[0] = _Schema(_STRUCT, b"", None, 0, len(columns), children, None, _let_schema_go)
        return 0

    def _get_next(self, _stream: Any, out: Any) -> int:
        batch = next(self._batches, None)
        if batch is None:
            out.contents.release = _LetArrayGo()
            return 0
        columns, buffers = batch
        sizes = self._keep(np.array([len(buffer) for buffer in buffers], np.int64))
        texts = [buffer.ctypes.data for buffer in buffers]
        n = len(buffers) + 3  # no cell is null; the views; what they view; how long that is
        made = []
        for column in columns:
            places = (c_void_p * n)(None, column.ctypes.data, *texts, sizes.ctypes.data)
            made.append(
                _Array(len(column), 0, 0, n, 0, self._keep(places), None, None, _let_array_go)
            )
        none = self._keep((c_void_p * 1)(None))
        children = self._pointers(_Array, made)
        out[0] = _Array(len(columns[0]), 0, 0, 1, len(made), none, children, None, _let_array_go)
        return 0
