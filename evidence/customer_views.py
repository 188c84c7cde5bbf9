"""A customer's timeline: asked for by the raw id, shown by its hash, and every look is kept."""

from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts import wording
from accounts.access import PERMISSIONS, Permission, get_workspace
from accounts.models import User, Workspace
from accounts.templatetags.touchline import icon
from evidence.browse_words import local, shown
from evidence.erasure import hash_of
from evidence.field_words import LABELS
from evidence.known_words import Words, known_words
from evidence.models import CustomerLook, Kind
from evidence.rows import pseudonym
from evidence.timeline import Row, note_look, timeline

LOOKS_SHOWN = 20
ICONS = {
    Kind.RESPONSES: "chat-bubble-left-ellipsis",
    Kind.WAITS: "clock",
    Kind.INTERACTIONS: "arrow-right",
}
ABOUT = ("channel", "unit", "segment", "case_id", "agent")


@login_required
@require_GET
def customers(request: HttpRequest, slug: str) -> HttpResponse:
    """Where one asks for a customer, and (for admins) who asked before."""
    workspace = get_workspace(request, slug, Permission.VIEW_ROWS)
    role = request.membership.role  # type: ignore[attr-defined]
    is_admin = Permission.ADMINISTER in PERMISSIONS[role]
    looks = workspace.customer_looks.select_related("user")[:LOOKS_SHOWN] if is_admin else []
    told = [(look, pseudonym(look.customer)) for look in looks]
    return render(request, "evidence/customers.html", {"is_admin": is_admin, "looks": told})


@login_required
@require_POST
def customer_find(request: HttpRequest, slug: str) -> HttpResponse:
    """From the raw id to the timeline by its hash; the id stands in no address, no log."""
    workspace = get_workspace(request, slug, Permission.VIEW_ROWS)
    identifier = request.POST.get("identifier", "").strip()
    if not identifier:
        messages.error(request, _("Give the customer's id as it stands in your files."))
        return redirect("evidence:customers", slug)
    return redirect("evidence:customer", slug, hash_of(workspace, identifier))


@login_required
@require_GET
def customer_page(request: HttpRequest, slug: str, customer: UUID) -> HttpResponse:
    """Everything known of one customer, newest first."""
    workspace = get_workspace(request, slug, Permission.VIEW_ROWS)
    assert isinstance(request.user, User)
    note_look(workspace=workspace, customer=customer, user=request.user, via=CustomerLook.Via.PAGE)
    before = request.GET.get("before", "")
    is_place = before.isdecimal() and len(before) < 18
    found = timeline(workspace, customer, before=int(before) if is_place else None)
    words = known_words(workspace)
    context: dict[str, Any] = {
        "customer": customer,
        "pseudonym": pseudonym(customer),
        "found": found,
        "is_first": not is_place,
        "counts": [(kind, label, found.counts[kind]) for kind, label in Kind.choices],
        "first_at": found.first_at and _day(found.first_at, workspace.zone),
        "last_at": found.last_at and _day(found.last_at, workspace.zone),
        "days": _days(workspace, found.rows, words),
    }
    return render(request, "evidence/customer.html", context)


def _day(moment: Any, zone: ZoneInfo) -> str:
    return date_format(local(moment, zone), "DATE_FORMAT")


def _days(workspace: Workspace, rows: list[Row], words: Words) -> list[tuple[str, list[Row]]]:
    """By day; what is the same in every row is looked up once, for a page shows 50 of them."""
    zone = workspace.zone
    icons = {k: icon(ICONS[Kind(k)], label=str(label), size=16) for k, label in Kind.choices}
    labels = {name: str(LABELS[name]) for name in ABOUT}
    origin = _("%(line)s of import %(pk)s")

    def told(row: Row) -> Row:
        place, line = row["touchpoint"], wording.number(row["row_no"])
        known, code = ("touchpoint", place) if place is not None else ("journey", row["journey"])
        return {
            "kind": row["kind"],
            "icon": icons[row["kind"]],
            "time": f"{local(row['occurred_at'], zone):%H:%M}",
            "place": words.get(known, {}).get(code, code),
            "facts": _facts(row, zone),
            "comment": row["comment"],
            "about": [
                f"{labels[name]}: {words.get(name, {}).get(row[name], row[name])}"
                for name in ABOUT
                if row[name] is not None
            ],
            "href": reverse("evidence:row", args=[workspace.slug, row["import_id"], row["row_no"]]),
            "origin": origin % {"line": line, "pk": row["import_id"]},
        }

    return [
        (day, [told(row) for row in some])
        for day, some in groupby(rows, key=lambda row: _day(row["occurred_at"], zone))
    ]


def _facts(row: Row, zone: ZoneInfo) -> list[str]:
    """What happened, in a few words."""
    if row["kind"] == Kind.RESPONSES:
        score = shown("score", row["score"], {}, zone)
        return [] if row["score"] is None else [f"{row['metric'].upper()} {score}"]
    told = []
    if row["wait_ms"] is not None:
        waited = wording.duration(row["wait_ms"] / 1000)
        gave_up = row["outcome"] == "abandoned"
        told.append(
            _("gave up after %s") % waited if gave_up else _("waited %s") % waited
        )  # fmt: skip
        if row["service_ms"] is not None:
            told.append(_("served for %s") % wording.duration(row["service_ms"] / 1000))
    elif row["outcome"] is not None:
        told.append(str(row["outcome"]))
    if row["ended_at"] is not None:
        told.append(_("until %s") % shown("ended_at", row["ended_at"], {}, zone))
    return told
