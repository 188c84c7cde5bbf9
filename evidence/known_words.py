"""Codes the workspace already knows, asked from the apps that keep them.

Evidence may not import those apps, so they answer a signal. A receiver returns, by field, codes
with their names; under `touchpoint` every code evidence may use for one.
"""

from collections.abc import Mapping

from django.dispatch import Signal

from accounts.models import Workspace

words_asked = Signal()  # arguments: workspace. Answer: {field: {code: name}}

Words = dict[str, dict[str, str]]


def known_words(workspace: Workspace) -> Words:
    """Field → code → name: touchpoint, journey, channel, segment, unit.

    Under `touchpoint_of`, a raw code leads to its touchpoint's own code instead of a name.
    """
    found: Words = {}
    answer: Words
    for _receiver, answer in words_asked.send(sender=Workspace, workspace=workspace):  # type: ignore[assignment]
        for field, codes in answer.items():
            found.setdefault(field, {}).update(codes)
    return found


def codes_like(code: str, words: Words) -> list[str]:
    """All raw codes of the touchpoint that has this code; of no touchpoint, the code alone."""
    same = [raw for raw, own in words.get("touchpoint_of", {}).items() if own == code]
    return same or [code]


def unmapped(codes: Mapping[str, int], words: Words) -> dict[str, int]:
    """Of these raw codes, those that match no touchpoint, most rows first."""
    missing = [pair for pair in codes.items() if pair[0] not in words.get("touchpoint", {})]
    return dict(sorted(missing, key=lambda pair: (-pair[1], pair[0])))
