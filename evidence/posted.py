"""A call that posts evidence: who sends what, and what it is told."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from accounts.models import User, Workspace
from evidence.errors import EvidenceError
from evidence.mapping_sql import ACCEPTED, DUPLICATE, IGNORED, MISSING, REJECTED
from evidence.models import Import

STATES = {
    ACCEPTED: "accepted",
    IGNORED: "ignored",
    MISSING: "missing",
    REJECTED: "rejected",
    DUPLICATE: "duplicate",
}


class Busy(EvidenceError):
    """An erasure or the upkeep has the evidence for itself just now."""


class KeyReused(EvidenceError):
    """The key came with another body before."""


@dataclass(frozen=True)
class Key:
    """A call's `Idempotency-Key` and its body, both as keyed hashes (post_keys.py)."""

    name: str
    body: str


@dataclass(frozen=True)
class Sender:
    """Calls that differ in their items only can be kept together."""

    workspace: Workspace
    user: User | None
    document: dict[str, Any]
    source: str

    @property
    def kind(self) -> tuple[Any, ...]:
        mapping = json.dumps(self.document, sort_keys=True)
        who = self.user.pk if self.user else None
        return self.workspace.pk, who, self.source, mapping, get_language()


@dataclass(frozen=True)
class Sent:
    """The items of one call as lines of a file, and its key if it has one."""

    lines: Sequence[Mapping[str, Any]]
    key: Key | None


@dataclass(frozen=True)
class Posted:
    """What the sender is told: which import the items joined, and what became of each.

    `again`: the call was kept before, and this is what was answered then.
    """

    answer: dict[str, Any]
    again: bool = False

    @classmethod
    def of(cls, joined: Import, verdicts: list[tuple[int, str]]) -> "Posted":
        states = [STATES[state] for state, _reason in verdicts]
        items = [
            {"state": name, **({"reason": reason} if reason else {})}
            for name, (_state, reason) in zip(states, verdicts, strict=True)
        ]
        counts = {name: states.count(name) for name in STATES.values()}
        return cls({"joined": joined.pk, **counts, "items": items})

    @property
    def joined(self) -> Import:
        return Import.objects.get(pk=self.answer["joined"])
