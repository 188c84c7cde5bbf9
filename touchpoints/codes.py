"""Which raw codes of the evidence belong to which touchpoint.

A touchpoint is known by its own code and by the further codes given to it. A raw code belongs to
one touchpoint at most: `clashes` refuses a second claim before it is written.
"""

from collections.abc import Iterable, Mapping

from accounts.models import Workspace
from touchpoints.models import EvidenceCode, Touchpoint


def codes_of(workspace: Workspace, own: Iterable[str]) -> dict[str, list[str]]:
    """Touchpoint's code → all raw codes it is known by, itself among them; of these touchpoints."""
    found = {code: [code] for code in own}
    everybody = Touchpoint.objects.filter(workspace=workspace).values("code")
    further = EvidenceCode.objects.filter(workspace=workspace, touchpoint__code__in=list(found))
    for raw, code in further.exclude(code__in=everybody).values_list("code", "touchpoint__code"):
        found[code].append(raw)
    return {code: sorted(raw) for code, raw in found.items()}


def touchpoint_by_code(workspace: Workspace) -> dict[str, str]:
    """Raw code → the code of the touchpoint it belongs to."""
    further = EvidenceCode.objects.filter(workspace=workspace).values_list(
        "code", "touchpoint__code"
    )
    own = Touchpoint.objects.filter(workspace=workspace).values_list("code", flat=True)
    return {**dict(further), **{code: code for code in own}}


Claims = Mapping[str, Iterable[str] | None]


def clashes(workspace: Workspace, claims: Claims) -> dict[str, str]:
    """Raw codes claimed that another touchpoint has: raw code → that touchpoint's code.

    `claims` names for touchpoints (made or changed together) all their further codes; None leaves
    a touchpoint's further codes as they are.
    """
    owner = {
        raw: code
        for raw, code in touchpoint_by_code(workspace).items()
        if raw == code or claims.get(code) is None
    }
    found: dict[str, str] = {}
    for code in claims:
        if owner.setdefault(code, code) != code:
            found[code] = owner[code]
    for code, further in claims.items():
        for raw in further or ():
            if raw == code or owner.setdefault(raw, code) != code:
                found[raw] = owner[raw]
    return found


def release(workspace: Workspace, claims: Claims) -> None:
    """Drops the further codes that these touchpoints no longer claim, so that others may."""
    for code, further in claims.items():
        if further is not None:
            EvidenceCode.objects.filter(workspace=workspace, touchpoint__code=code).exclude(
                code__in=list(further)
            ).delete()
