"""What the columns of an XES log are called."""

from evidence.logs.parts import ACTIVITY, CASE, FIRST, LIFECYCLE, RESOURCE, TIME, Columns

OF_EVENT = {
    "concept:name": ACTIVITY,
    "lifecycle:transition": LIFECYCLE,
    "time:timestamp": TIME,
    "org:resource": RESOURCE,
}
OF_CASE = {"concept:name": CASE}
MOST_REMEMBERED = 10_000


class Names:
    """Attribute → column. The standard ones have plain names, a case's others begin `case:`."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self._events: dict[str, int | None] = {k: FIRST.index(n) for k, n in OF_EVENT.items()}
        self._cases: dict[str, int | None] = {k: FIRST.index(n) for k, n in OF_CASE.items()}

    def event(self, key: str) -> int | None:
        return self._column(self._events, key, f"event:{key}" if key.startswith("case:") else key)

    def case(self, key: str) -> int | None:
        return self._column(self._cases, key, f"case:{key}")

    def _column(self, known: dict[str, int | None], key: str, name: str) -> int | None:
        if key not in known:
            if len(known) >= MOST_REMEMBERED:
                return None
            known[key] = self.columns.add(name)
        return known[key]
