"""Maps to start from. Their words are content, not labels: they go into the map once, in the
language of whoever starts it, and belong to that map from then on. Every card is an assumption,
to be confirmed or struck out.
"""

from collections.abc import Callable
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from journeys.starters import account, bank, blueprint, branch, complaint, mortgage
from journeys.starters.words import USUAL_LANES, Lanes, Pair, Stages

Document = dict[str, Any]


def _language() -> int:
    return 1 if (get_language() or "").startswith("zh") else 0


def document(stages: Stages, lanes: Lanes) -> Document:
    """Stages, steps, lanes and cards of a map file, in the language of the moment."""
    language, cards = _language(), 0
    made: Document = {
        "stages": [],
        "steps": [],
        "lanes": [{"id": key, "kind": kind, "name": name[language]} for key, kind, name in lanes],
        "cards": [],
    }
    for stage, stage_name, steps in stages:
        made["stages"].append({"id": stage, "name": stage_name[language]})
        for number, (step_name, cells) in enumerate(steps, start=1):
            step = f"{stage}-{number}"
            made["steps"].append({"id": step, "stage": stage, "name": step_name[language]})
            for lane, words in cells.items():
                cards += 1
                place = {"id": f"c{cards}", "lane": lane, "step": step}
                made["cards"].append({**place, **_said(words, language), "basis": "assumption"})
    return made


def _said(words: Pair | int, language: int) -> Document:
    return {"emotion": words} if isinstance(words, int) else {"text": words[language]}


def _starter(stages: Stages, lanes: Lanes = USUAL_LANES) -> Callable[[], Document]:
    return lambda: document(stages, lanes)


STARTERS: dict[str, Callable[[], Document]] = {
    "bank": _starter(bank.STAGES),
    "account": _starter(account.STAGES),
    "mortgage": _starter(mortgage.STAGES),
    "complaint": _starter(complaint.STAGES),
    "branch": _starter(branch.STAGES),
    "blueprint": _starter(blueprint.STAGES, blueprint.LANES),
    "blank": _starter([]),
}

CHOICES = [
    ("bank", _("the seven stages of a bank's customer, from the first need to upgrading")),
    ("account", _("opening an account, from comparing banks to the first payment")),
    ("mortgage", _("a mortgage, from the dream of a home to the last instalment")),
    ("complaint", _("a complaint, from the annoyance to trust regained")),
    ("branch", _("a visit to a branch, from looking up the hours to leaving")),
    ("blueprint", _("a service blueprint: customers, frontstage, backstage, systems, rules")),
    ("blank", _("an empty map")),
]
