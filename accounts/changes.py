"""What a change of settings set off, and its entry in the history, as pages tell them."""

from dataclasses import dataclass

from django.utils.translation import ngettext

from accounts.models import SettingsChange

SHOWN = 30  # entries on the page of what was changed


@dataclass
class Recorded:
    """What came of a change, known once it is made."""

    changed: int = 0  # touchpoints or metrics
    scored_again: int = 0  # journeys


@dataclass(frozen=True)
class Told:
    """One entry in words: from what to what, and which of the two can be used again."""

    change: SettingsChange
    before: list[str]
    after: list[str]
    again: str = ""  # "before", "after", or empty where there is nothing to go back to


def told(found: Recorded) -> str:
    """What a change set off, to stand behind the message that it is saved."""
    if not found.scored_again:
        return ""
    n = found.scored_again
    return " " + ngettext(
        "%(n)d journey is being scored again with it.",
        "%(n)d journeys are being scored again with it.",
        n,
    ) % {"n": n}
