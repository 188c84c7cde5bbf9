"""The one place where values from outside become part of SQL: bound, or quoted as a literal."""


class Binder:
    """Collects values and hands out the names they are bound by."""

    def __init__(self) -> None:
        self.values: dict[str, object] = {}
        self._names: dict[object, str] = {}

    def __call__(self, value: str | int | float | bytes) -> str:
        key = (type(value), value)
        if key not in self._names:
            name = f"p{len(self.values)}"
            self._names[key] = name
            self.values[name] = value
        return f"${self._names[key]}"

    def list(self, values: tuple[str, ...] | list[str]) -> str:
        return "(" + ", ".join(self(value) for value in values) + ")"


class Literals(Binder):
    """Writes the values themselves: for statements that are planned before they are run."""

    def __call__(self, value: str | int | float | bytes) -> str:
        if isinstance(value, bytes):
            return f"from_hex('{value.hex()}')"
        if isinstance(value, str):
            return f"CAST({literal(value)} AS VARCHAR)"
        return f"CAST({value!r} AS {'DOUBLE' if isinstance(value, float) else 'BIGINT'})"


def literal(text: str) -> str:
    """A quoted string, where DuckDB takes no bound value (table functions, formats, settings)."""
    if "\x00" in text:
        raise ValueError("NUL has no place in SQL.")
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A quoted name of a column."""
    if "\x00" in name:
        raise ValueError("NUL has no place in SQL.")
    return '"' + name.replace('"', '""') + '"'


def listed(of: str, text: str) -> str:
    """A list whose elements are all of one type, out of the text of a JSON array."""
    return f"from_json({text}, '[\"{of}\"]')"


def elements(of: str, name: str) -> str:
    """The elements of such a list, whose text is bound by this name.

    Long lists are bound so: each element of a list that is bound as such takes DuckDB's client
    twenty microseconds (`lake.py` has what it took where it looked for pandas each time).
    """
    return f"unnest({listed(of, f'${name}')})"
