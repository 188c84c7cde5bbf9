"""How a unit's rate is judged against all units of its touchpoint and signal."""

from django.utils.translation import gettext as _

from accounts import wording
from analytics.units import limits_at
from painpoints.knowing import Number
from painpoints.outliers import Place, units_of

Facts = list[tuple[str, str]]


def judged_of(number: Number) -> Facts:
    """(label, what holds), with the values of docs/methods.md, Units."""
    found = units_of(number.run)
    asked = (number.code, number.figure)
    place = next((p for p in found.places if (p.code, p.family) == asked), None) if found else None
    if found is None or place is None or number.part.value not in place.units:
        return []
    i = place.units.index(number.part.value)
    if place.compared is None or not place.compared.judged[i]:
        return [(_("Verdict"), _("not judged: n below 30, or no other unit to compare it with"))]
    return _told(place, i, found.judged)


def _told(place: Place, i: int, judged: int) -> Facts:
    compared = place.compared
    assert compared is not None
    limits = limits_at([place.n[i]], compared.target, compared.phi)
    low_998, low_95, high_95, high_998 = (wording.percent(float(end[0]), 1) for end in limits)
    everywhere = compared.judged
    x, n = float(compared.x[everywhere].sum()), float(compared.n[everywhere].sum())
    phi = wording.number(compared.phi, 2)
    together = _("%(rate)s: %(x)s of %(n)s, over %(units)s units with n ≥ 30") % {
        "rate": wording.percent(compared.target, 1),
        "x": wording.number(x),
        "n": wording.number(n),
        "units": wording.number(int(everywhere.sum())),
    }
    return [
        (_("All units together"), together),
        (_("95 of 100 such units, if only luck differed"), f"{low_95} – {high_95}"),
        (_("998 of 1,000"), f"{low_998} – {high_998}"),
        (_("φ, how much more units scatter than luck allows"), phi),
        (_("Distance"), _("%(z)s standard deviations") % {
            "z": wording.signed(float(compared.z[i]), 1)}),
        ("p", "< 0.001" if compared.p[i] < 0.001 else wording.number(float(compared.p[i]), 3)),
        (_("Verdict"), _verdict(place, i)),
        (_("How it is decided"), _(
            "A unit is named where it lies outside the 95%% limits and its p passes Benjamini and "
            "Hochberg's procedure at 10%% among all %(judged)s comparisons of this run.")
         % {"judged": wording.number(judged)}),
    ]  # fmt: skip


def _verdict(place: Place, i: int) -> str:
    compared = place.compared
    assert compared is not None
    if place.named[i]:
        return _("really worse") if compared.z[i] > 0 else _("really better")
    return _("outside, but it may be luck") if compared.outside[i] else _("within what luck does")
