"""Map files for tests: the one of the documentation, and any that hypothesis can think of."""

from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

from journeys.models import Card, Lane

EXAMPLE: dict[str, Any] = {
    "format": "touchline-map/1",
    "journey": {
        "slug": "calling-the-bank",
        "name": "Calling the bank",
        "kind": "as-is",
        "goal": "The question is answered",
    },
    "touchpoints": [
        {
            "code": "phone-banking",
            "name": "Phone: everyday banking",
            "channel": "phone",
            "promises": [
                {"max_wait_s": 60, "target_share": 0.8},
                {"max_wait_s": 30, "segment": "priority"},
            ],
        }
    ],
    "stages": [{"id": "ask", "name": "Ask"}],
    "steps": [
        {"id": "call", "stage": "ask", "name": "Call the hotline", "touchpoints": ["phone-banking"]}
    ],
    "lanes": [
        {"id": "feel", "kind": "emotion", "name": "Feelings"},
        {"id": "do", "kind": "action", "name": "What customers do"},
    ],
    "personas": [{"id": "mei", "name": "Mei", "segment": "priority"}],
    "cards": [
        {
            "id": "c1",
            "lane": "do",
            "step": "call",
            "text": "Dials the number on the card",
            "basis": "assumption",
        },
        {"id": "c2", "lane": "feel", "step": "call", "persona": "mei", "emotion": -1},
    ],
}


def example() -> dict[str, Any]:
    return deepcopy(EXAMPLE)


LETTERS = st.characters(exclude_categories=["Cs", "Cc"])
TEXT = st.text(LETTERS, min_size=1, max_size=12).filter(lambda text: bool(text.strip()))
KEY = st.text(LETTERS, min_size=1, max_size=8).filter(lambda text: text == text.strip() != "")


def _keys(max_size: int) -> st.SearchStrategy[list[str]]:
    return st.lists(KEY, unique=True, max_size=max_size)


@st.composite
def _entry(draw: st.DrawFn, must: dict[str, Any], may: dict[str, Any]) -> dict[str, Any]:
    """An object with these keys always, and any of those keys sometimes."""
    return draw(st.fixed_dictionaries(must, optional=may))


DAY = st.dates().map(lambda day: day.isoformat())
PICTURE = st.text("0123456789abcdef", min_size=64, max_size=64)
LINK = st.fixed_dictionaries(
    {"url": st.sampled_from(["https://bank.example/a?b=c#d", "http://例.example"])},
    optional={"title": TEXT},
)
MAY: dict[str, dict[str, Any]] = {
    "steps": {
        "description": TEXT,
        "opens": st.sampled_from(["opening-an-account", "another-journey"]),
    },
    "lanes": {"hidden": st.just(True), "height": st.sampled_from(Lane.Height.values)},
    "personas": {
        "description": TEXT,
        "goals": TEXT,
        "frustrations": TEXT,
        "picture": PICTURE,
        "colour": st.integers(1, 8),
    },
    "cards": {
        "text": TEXT,
        "emotion": st.integers(-2, 2),
        "colour": st.sampled_from(Card.Colour.values),
        "owner": TEXT,
        "links": st.lists(LINK, min_size=1, max_size=3),
        "image": PICTURE,
        "basis": st.sampled_from(Card.Basis.values),
        "n": st.integers(1, 10**9),
        "date": DAY,
        "expires": DAY,
    },
}


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """A valid map file whose touchpoints all stand on the map, in the order of the map."""
    stages, steps = draw(_keys(3)), draw(_keys(5))
    lanes, personas, cards = draw(_keys(4)), draw(_keys(2)), draw(_keys(8))
    codes, segments = draw(_keys(5)), draw(_keys(2))
    steps = steps if stages else []
    cards = cards if steps and lanes else []
    shares = st.integers(1, 10_000).map(lambda n: n / 10_000)
    waits = st.integers(0, 10**9).map(lambda n: n / 1000)
    used = [draw(st.lists(st.sampled_from(codes), unique=True)) if codes else [] for _ in steps]
    on_map = list(dict.fromkeys(code for step in used for code in step))
    spare = draw(_keys(4))
    spare = [code for code in spare if code not in on_map]
    optional_segment = {"segment": st.sampled_from(segments)} if segments else {}
    promise = _entry({"max_wait_s": waits}, {"target_share": shares, **optional_segment})
    touchpoint = {
        "description": TEXT,
        "channel": st.sampled_from(["phone", "web", "分行"]),
        "inventory": st.fixed_dictionaries({"forms": st.integers(1, 9)}),
        "promises": st.lists(promise, min_size=1, unique_by=lambda p: p.get("segment"), max_size=3),
    }
    document: dict[str, Any] = {
        "format": "touchline-map/1",
        "journey": draw(
            _entry(
                {
                    "slug": st.just("a-journey"),
                    "name": TEXT,
                    "kind": st.sampled_from(["as-is", "to-be"]),
                },
                {"goal": TEXT, "description": TEXT},
            )
        ),
        "touchpoints": [
            {"code": code, "name": draw(TEXT), **draw(_entry({}, touchpoint))} for code in on_map
        ],
        "stages": [{"id": key, "name": draw(TEXT)} for key in stages],
        "steps": [
            {
                "id": key,
                "stage": draw(st.sampled_from(stages)),
                "name": draw(TEXT),
                **({"touchpoints": codes_here} if codes_here else {}),
                **draw(_entry({}, MAY["steps"])),
            }
            for key, codes_here in zip(steps, used, strict=False)
        ],
        "lanes": [
            {
                "id": key,
                "kind": draw(st.sampled_from(Lane.Kind.values)),
                "name": draw(TEXT),
                **draw(_entry({}, MAY["lanes"])),
            }
            for key in lanes
        ],
        "personas": [
            {
                "id": key,
                "name": draw(TEXT),
                **draw(_entry({}, {**MAY["personas"], **optional_segment})),
            }
            for key in personas
        ],
        "cards": [
            draw(
                _entry(
                    {
                        "id": st.just(key),
                        "lane": st.sampled_from(lanes),
                        "step": st.sampled_from(steps),
                    },
                    {
                        **MAY["cards"],
                        **({"persona": st.sampled_from(personas)} if personas else {}),
                    },
                )
            )
            for key in cards
        ],
    }
    if document["touchpoints"] and spare:
        document["touchpoints"][0]["codes"] = sorted(spare)
    if on_map and draw(st.booleans()):
        document["journey"]["goal_touchpoints"] = [draw(st.sampled_from(on_map))]
    return document
