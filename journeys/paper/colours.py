"""The colours of exported maps: the light palette of the pages."""

from accounts import palette

MEANINGS = {
    "positive": "--category-3", "negative": "--category-4", "idea": "--category-6",
    "question": "--category-7", "decision": "--category-1", "risk": "--category-2",
}  # fmt: skip
_NAMES = {
    "text": "--ink-strong", "soft": "--ink-soft", "faint": "--ink-faint", "hair": "--line-hair",
    "firm": "--line-firm", "control": "--line-control", "raised": "--paper-raised",
    "sunken": "--paper-sunken", "band": "--teal-wash", "accent": "--teal-deep",
    "pain": "--pain-1", "warning": "--amber",
}  # fmt: skip
PAPER = "#ffffff"


def colour(name: str) -> str:
    """#rrggbb of what a colour is for."""
    return palette.colours("light")[_NAMES[name]]


def meaning(name: str) -> str:
    return palette.colours("light")[MEANINGS[name]]


def of_persona(persona: dict, place: int) -> str:
    return palette.colours("light")[f"--category-{persona.get('colour') or place % 8 + 1}"]


def of_emotion(emotion: float) -> str:
    level = {-2: "minus-2", -1: "minus-1", 0: "0", 1: "plus-1", 2: "plus-2"}[round(emotion)]
    return palette.colours("light")[f"--emotion-{level}"]
