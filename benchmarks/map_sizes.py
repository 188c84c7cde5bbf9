"""What an edit costs the server by the size of the map: 100, 1,000 and 5,000 cards.

One person edits over HTTP, in turns on each of the maps, so that whatever else the machine does
falls on all of them alike. The time is that from the request to its answer.
"""

import http.client
import json
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from benchmarks.maps import map_document

SIZES = (100, 1000, 4900)  # of 5,000, with room for what is added
TURNS = 60
BLOCKS = 10
CELLS = 40
TOKEN = "b" * 32

Changes = list[dict[str, Any]]


def prepare(workspace: Any) -> None:
    from journeys.mapfile import load_map

    for size in SIZES:
        load_map(workspace, map_document(f"size-{size}", size), None)


def main(port: int, cookie: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    times: dict[str, dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))
    for name, document in SINGLE.items():
        rng = random.Random(name)
        for turn in range(TURNS):
            for size in SIZES:
                took = _post(connection, cookie, size, document(rng, size, turn))
                times[name][size].append(took)
    rng = random.Random(4)
    for turn in range(BLOCKS):
        for size in SIZES:
            pasted = _post(connection, cookie, size, _paste(rng, size, turn))
            times[f"{CELLS} cells pasted"][size].append(pasted)
            taken_back = _post(connection, cookie, size, {"undo": True})
            times["they are taken back"][size].append(taken_back)
    print(f"\n| what an edit takes, ms (p50) | {' | '.join(f'{s:,} cards' for s in SIZES)} |")
    print(f"|---|{'--:|' * len(SIZES)}")
    for name, found in times.items():
        cells = [f"{statistics.median(found[size]):.0f}" for size in SIZES]
        print(f"| {name} | {' | '.join(cells)} |")
    print(flush=True)


def _post(
    connection: http.client.HTTPConnection, cookie: str, size: int, document: dict[str, Any]
) -> float:
    headers = {
        "Cookie": f"sessionid={cookie}; csrftoken={TOKEN}",
        "X-CSRFToken": TOKEN,
        "Content-Type": "application/json",
    }
    path = f"/w/bench-editor/journeys/size-{size}/edit/operations/"
    began = time.perf_counter()
    connection.request("POST", path, json.dumps(document), headers)
    answer = connection.getresponse()
    said = answer.read()
    took = (time.perf_counter() - began) * 1000
    assert answer.status == 200, said
    return took


def _some(rng: random.Random, size: int) -> str:
    return f"c{rng.randrange(size // 2)}"


def _text(rng: random.Random, size: int, turn: int) -> dict[str, Any]:
    card = _some(rng, size)
    return _edit(_change(card, {}, {"text": f"Turn {turn}"}))


def _add(rng: random.Random, size: int, turn: int) -> dict[str, Any]:
    after = {"lane": "text", "step": "p7", "text": "New", "follows": _some(rng, size)}
    return _edit(_change(f"new-{turn}", None, after))


def _move(rng: random.Random, size: int, turn: int) -> dict[str, Any]:
    after = {"step": f"p{turn % 60}", "follows": _some(rng, size)}
    return _edit(_change(f"c{size // 2 + turn % 12}", {}, after))


def _delete(rng: random.Random, size: int, turn: int) -> dict[str, Any]:
    return _edit(_change(f"new-{turn}", {}, None))


def _paste(rng: random.Random, size: int, turn: int) -> dict[str, Any]:
    follows, changes = _some(rng, size), []
    for cell in range(CELLS):
        key = f"cell-{turn}-{cell}"
        after = {"lane": "text", "step": f"p{cell % 8}", "text": key, "follows": follows}
        changes.append(_change(key, None, after))
        follows = key
    return _edit(*changes)


def _change(card: str, before: Any, after: Any) -> dict[str, Any]:
    return {"list": "cards", "id": card, "before": before, "after": after}


def _edit(*changes: dict[str, Any]) -> dict[str, Any]:
    return {"changes": list(changes)}


SINGLE: dict[str, Callable[[random.Random, int, int], dict[str, Any]]] = {
    "a text changed": _text,
    "a card added": _add,
    "a card moved": _move,
    "a card deleted": _delete,
}
