"""Maps of any size for benchmarks."""

import random
from typing import Any

STEPS, LANES = 60, 12
SENTENCE = "the customer opens the app and looks for a button, finds three, asks a friend"


def map_document(slug: str, size: int) -> dict[str, Any]:
    """So many cards, an eighth of them feelings, over all lanes and steps."""
    rng = random.Random(4)
    kinds = (
        "action thought touchpoint pain opportunity frontstage backstage system policy metric text"
    )
    lanes = ["emotion", *kinds.split()]
    words = SENTENCE.split()
    cards: list[dict[str, Any]] = [
        {"id": f"f{step}-{who}", "lane": "emotion", "step": f"p{step}", "persona": who,
         "emotion": rng.randint(-2, 2)}
        for step in range(STEPS)
        for who in ("mei", "lin")
    ][: size // 8]  # fmt: skip
    cards += [
        {"id": f"c{n}", "lane": rng.choice(lanes[1:]), "step": f"p{rng.randrange(STEPS)}",
         "text": " ".join(rng.choices(words, k=rng.randint(4, 16))),
         "basis": rng.choice(["assumption", "interview", "survey"])}
        for n in range(size - len(cards))
    ]  # fmt: skip
    return {
        "format": "touchline-map/1",
        "journey": {"slug": slug, "name": "A big map"},
        "stages": [{"id": f"s{n}", "name": f"Stage {n}"} for n in range(10)],
        "steps": [
            {"id": f"p{n}", "stage": f"s{n // 6}", "name": f"Step {n}"} for n in range(STEPS)
        ],
        "lanes": [{"id": kind, "kind": kind, "name": kind.title()} for kind in lanes],
        "personas": [{"id": "mei", "name": "Mei"}, {"id": "lin", "name": "Lin"}],
        "cards": cards,
    }
