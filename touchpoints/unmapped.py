"""Codes in the evidence that no touchpoint answers to."""

from collections.abc import Mapping

from accounts.models import Workspace
from touchpoints.codes import touchpoint_by_code


def unmapped_codes(workspace: Workspace, codes: Mapping[str, int]) -> dict[str, int]:
    """Of these raw codes and their counts, those that match no touchpoint, most rows first."""
    known = touchpoint_by_code(workspace)
    missing = [(code, count) for code, count in codes.items() if code not in known]
    return dict(sorted(missing, key=lambda item: (-item[1], item[0])))
