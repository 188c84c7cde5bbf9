"""What customers wrote at a pain point's touchpoint: themes for everybody, words for some."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts import wording
from accounts.access import Permission, permissions_of
from accounts.models import User
from analytics.rates import wilson
from evidence import snapshots
from evidence.heard import AT_ONCE, FEWEST, SCRIPTS, WORDS, Asked, Heard, Quote, heard
from evidence.scope import Scope
from painpoints.models import PainPoint, ScoringRun
from painpoints.parameters import question_of
from painpoints.scoped import scoped_of
from painpoints.told import BETTER
from painpoints.views import get_pain_point
from painpoints.vocabulary import names_of

LONGEST_SOUGHT = 100


@login_required
@require_GET
def painpoint_comments(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A part of the pain point's page, and a page of its own without scripts.

    How often a theme is told shows to all who see scores; words only to those who may read rows.
    Searching is for the latter, too: with it words could be guessed one by one.
    """
    point = get_pain_point(request, slug, pk)
    assert isinstance(request.user, User)
    may_read = Permission.VIEW_ROWS in permissions_of(request.user, point.workspace)
    asked = asked_in(request.GET, may_read)
    scoped = scoped_of(request, point)
    found, gone = heard_at(scoped.run, point, asked)
    context = {
        "point": point,
        "asked": asked,
        "heard": found,
        "gone": gone,
        "fewest": FEWEST,
        "may_read": may_read,
        "scoped": scoped,
        "kept": parse_qsl(scoped.query),
        "themes": _themes(found, asked, scoped.query),
        "scripts": [(name, _scripts()[name], found.scripts[name])
                    for name in SCRIPTS if found and found.scripts.get(name)],
        "quotes": _quotes(point, found) if found and may_read else [],
        "more_url": _more(found, asked, scoped.query),
    }  # fmt: skip
    part = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    return render(request, f"painpoints/{'_comments' if part else 'comments'}.html", context)


def asked_in(get: QueryDict, may_read: bool) -> Asked:
    """What cannot be meant is left at its usual."""
    offset = get.get("from", "0")
    return Asked(
        painful_only=get.get("all") != "1",
        script=get.get("script", "") if get.get("script") in SCRIPTS else "",
        sought=get.get("q", "").strip()[:LONGEST_SOUGHT] if may_read else "",
        theme=get.get("theme", "") if get.get("theme") in WORDS else "",
        offset=int(offset) if offset.isdigit() and len(offset) < 7 else 0,
    )


def heard_at(run: ScoringRun | None, point: PainPoint, asked: Asked) -> tuple[Heard | None, str]:
    """As the evidence stood when the numbers beside it were made."""
    if run is None:
        return None, ""
    question = question_of(run.workspace_id, Scope.from_json(run.scope), run.parameters)
    try:
        with snapshots.at(run.snapshot) as cursor:
            return heard(cursor, question, point.touchpoint.code, asked), ""
    except snapshots.SnapshotGone as gone:
        return None, str(gone)


def _themes(found: Heard | None, asked: Asked, scope: str) -> list[dict[str, Any]]:
    """Most told first, each as a link that leaves only its comments."""
    if found is None or not found.asked:
        return []
    labels = {**dict(PainPoint.Cause.choices), BETTER: _("Something better")}
    told = sorted(found.themes.items(), key=lambda pair: -pair[1])
    return [
        {
            "label": labels[name],
            "n": n,
            "share": n / found.asked,
            "ends": wilson(n, found.asked),
            "current": name == asked.theme,
            "query": _query(asked, scope, theme="" if name == asked.theme else name, offset=0),
        }
        for name, n in told
    ]


def _quotes(point: PainPoint, found: Heard) -> list[tuple[Quote, str, list[str]]]:
    """Each with its score, and who wrote it where, by name."""
    names = names_of(point.workspace) if found.quotes else {}
    return [
        (
            quote,
            _score(quote),
            [
                names[field].get(code, code)
                for field, code in (("segments", quote.segment), ("channels", quote.channel))
                if code
            ],
        )
        for quote in found.quotes
    ]


def _score(quote: Quote) -> str:
    """4 instead of 4.000."""
    return wording.plain(float(quote.score)) if quote.score is not None else ""


def _more(found: Heard | None, asked: Asked, scope: str) -> str:
    if found is None or len(found.quotes) < AT_ONCE:
        return ""
    return _query(asked, scope, offset=asked.offset + AT_ONCE)


def _query(asked: Asked, scope: str, **other: Any) -> str:
    said = {**vars(asked), **other}
    pairs = {
        "all": "" if said["painful_only"] else "1",
        "script": said["script"],
        "q": said["sought"],
        "theme": said["theme"],
        "from": said["offset"] or "",
    }
    own = urlencode({name: value for name, value in pairs.items() if value != ""})
    return "&".join(part for part in (scope, own) if part)


def _scripts() -> dict[str, str]:
    return {
        "latin": _("in Latin letters"),
        "han": _("in Chinese"),
        "other": _("in other scripts"),
    }
