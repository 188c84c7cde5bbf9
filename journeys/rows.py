"""Applies the changes of an operation to a map's rows, one by one, whatever the map's size.

The caller holds the journey's row. Every change is checked against the rows as they are; what was
there before is read from them, never believed.
"""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from journeys import places, tree
from journeys.card_runs import add_cards, delete_cards, runs_of
from journeys.entries import (
    PARTS,
    PLAIN,
    Entry,
    entry_of,
    fields_of,
    journey_entry,
    plain_fields,
    row_value,
    rows_of,
    without_blanks,
)
from journeys.errors import Conflict, Gone, JourneyError, deleted_meanwhile, not_there
from journeys.limits import leave_room
from journeys.mapcheck import problems_in_entry
from journeys.models import Journey, Part, Step, StepTouchpoint
from journeys.operations import FOLLOWS, JOURNEY, REFERENCES, Change, is_blank
from touchpoints.models import Touchpoint
from touchpoints.vocabulary import segment_by_code

KINDS = {
    "stages": "stage",
    "steps": "step",
    "lanes": "lane",
    "personas": "persona",
    "cards": "card",
}
# Two people who write the same text are asked; of other fields the last word stands.
TEXTS = {"name", "text", "description", "goal", "goals", "frustrations"}


class Rows:
    """The rows of one journey's map while an operation is applied.

    With `taking_back`, the map may have moved on since: what cannot come back because the place it
    belongs to is gone is left out, and an id that something else has by now is changed.
    """

    def __init__(self, journey: Journey, *, taking_back: bool = False) -> None:
        self.journey = journey
        self.taking_back = taking_back
        self.renamed: dict[tuple[str, str], str] = {}

    def apply_all(self, changes: Iterable[Change]) -> list[Change]:
        """One after the other; cards that come or go in a row, in one go."""
        done = []
        for run in runs_of(changes):
            if len(run) == 1:
                done += self.apply(run[0])
            elif run[0].before is None:
                done += add_cards(self, run)
            else:
                done += self._delete_cards([change.id for change in run])
        return done

    def apply(self, change: Change) -> list[Change]:
        """Makes the change; returns what was done, with what goes along with a deletion."""
        try:
            return self._applied(change)
        except Gone:
            if self.taking_back:
                return []
            raise

    def _applied(self, change: Change) -> list[Change]:
        if change.list == JOURNEY:
            return [self._change_journey(change)]
        if change.list not in PARTS:
            raise JourneyError(_("A map has no list “%s”.") % str(change.list)[:60])
        row = rows_of(self.journey, change.list).filter(key=change.id).first()
        if change.before is None:
            return [self._add(change, is_taken=row is not None)]
        if row is None:
            raise deleted_meanwhile(change.list)
        return (
            self._delete(change.list, row) if change.after is None else [self._change(change, row)]
        )

    # ---- adding ----

    def _add(self, change: Change, is_taken: bool) -> Change:
        name, after = change.list, change.after or {}
        key = self.free_key(name, change.id) if is_taken else change.id
        entry = without_blanks({"id": key, **fields_of(after)})
        if self.taking_back and "touchpoints" in entry:
            entry["touchpoints"] = [t.code for t in self._touchpoints(entry["touchpoints"])]
        self.check(name, entry)
        if "opens" in entry and not self._may_open(entry["opens"]):
            del entry["opens"]
        rows = PARTS[name]._default_manager.filter(journey=self.journey)
        leave_room(name, rows, 1)
        row = PARTS[name](journey=self.journey, key=key)
        self._fill(name, row, {**plain_fields(name, entry), **_references(name, entry)})
        follows = after[FOLLOWS] if FOLLOWS in after else places.last(rows)
        row.position = places.position(rows, self.known_as(name, follows))
        row.save()
        self._set_touchpoints(row, entry.get("touchpoints", []))
        row = rows_of(self.journey, name).get(pk=row.pk)
        return Change(name, key, None, {**fields_of(entry_of(row)), FOLLOWS: places.previous(row)})

    def free_key(self, name: str, key: str) -> str:
        if not self.taking_back:
            raise JourneyError(_("“%s” stands on the map already.") % key[:60])
        rows = PARTS[name]._default_manager.filter(journey=self.journey)
        taken = set(rows.filter(key__startswith=key[:50]).values_list("key", flat=True))
        number = 2
        while f"{key[:50]}-{number}" in taken:
            number += 1
        self.renamed[name, key] = f"{key[:50]}-{number}"
        return self.renamed[name, key]

    def known_as(self, name: str, key: str | None) -> str | None:
        return self.renamed.get((name, key), key) if key else key

    # ---- changing ----

    def _change(self, change: Change, row: Part) -> Change:
        name, after, told = change.list, change.after or {}, change.before or {}
        now = entry_of(row)
        for field in TEXTS & set(after) & set(told):
            self._agree(change, field, now.get(field), told[field], after[field])
        entry = without_blanks({**now, **fields_of(after)})
        if "name" in PLAIN[name]:
            entry.setdefault("name", change.id)
        fields = [f for f in fields_of(after) if entry.get(f) != now.get(f)]
        self.check(name, entry)
        if "opens" in fields and "opens" in entry:
            tree.refuse_circle(self.journey, [entry["opens"]])
        before: Entry = {field: now.get(field) for field in fields}
        done: Entry = {field: entry.get(field) for field in fields}
        if FOLLOWS in after and after[FOLLOWS] != change.id:
            previous = places.previous(row)
            if previous != after[FOLLOWS]:
                before[FOLLOWS] = previous
                others = PARTS[name]._default_manager.filter(journey=self.journey)
                row.position = places.position(
                    others.exclude(pk=row.pk), self.known_as(name, after[FOLLOWS])
                )
        self._fill(name, row, {field: entry.get(field) for field in fields})
        row.save()
        if "touchpoints" in fields:
            self._set_touchpoints(row, entry.get("touchpoints", []))
        if FOLLOWS in before:
            done[FOLLOWS] = places.previous(row)
        return Change(name, change.id, before, done)

    def _agree(self, change: Change, field: str, now: Any, told: Any, wanted: Any) -> None:
        """Somebody else's text is not overwritten unseen."""
        if _plain(now) in (_plain(told), _plain(wanted)):
            return
        newest = (
            self.journey.operations.filter(
                changes__contains=[{"list": change.list, "id": change.id}]
            )
            .order_by("-number")
            .select_related("user")
            .first()
        )
        raise Conflict(
            list=change.list, id=change.id, field=field, theirs=now or "", yours=wanted or "",
            who=str(newest.user) if newest and newest.user else "",
        )  # fmt: skip

    def _change_journey(self, change: Change) -> Change:
        journey, after, told = self.journey, change.after, change.before or {}
        if after is None:
            raise JourneyError(_("A journey is deleted from the list of journeys."))
        now = journey_entry(journey)
        for field in TEXTS & set(after) & set(told):
            self._agree(change, field, now.get(field), told[field], after[field])
        fields = [f for f in after if _plain(after[f]) != _plain(now.get(f))]
        entry = without_blanks({**now, **{f: after[f] for f in fields}})
        _refuse(problems_in_entry(JOURNEY, entry))
        for field in fields:
            if field == "goal_touchpoints":
                journey.goal_touchpoints.set(self._touchpoints(entry.get(field, [])))
            else:
                setattr(journey, field, entry.get(field, ""))
        journey.save()
        return Change(
            JOURNEY, "", {f: now.get(f) for f in fields}, {f: entry.get(f) for f in fields}
        )

    # ---- deleting ----

    def _delete(self, name: str, row: Part) -> list[Change]:
        """The row and all it holds: of a stage its steps, of those their cards."""
        done = []
        for held_name, held in self._held(row):
            if held_name == "cards":
                done += delete_cards(self.journey, [card.key for card in held])[0]
                continue
            for each in held:
                done += self._delete(held_name, each)
        entry = entry_of(row)
        done.append(
            Change(name, row.key, {**fields_of(entry), FOLLOWS: places.previous(row)}, None)
        )
        row.delete()
        return done

    def _delete_cards(self, keys: list[str]) -> list[Change]:
        done, missing = delete_cards(self.journey, keys)
        if missing and not self.taking_back:
            raise deleted_meanwhile("cards")
        return done

    def _held(self, row: Part) -> list[tuple[str, list[Part]]]:
        own = {"stages": "stage", "steps": "step", "lanes": "lane", "personas": "persona"}
        field = own.get(_list_of(row))
        found = []
        for name, references in REFERENCES.items():
            if field in references:
                rows = rows_of(self.journey, name).filter(**{field: row}).order_by("-position")
                found.append((name, list(rows)))
        return found

    # ---- what entries speak of ----

    def check(self, name: str, entry: Entry) -> None:
        _refuse(problems_in_entry(KINDS[name], entry))

    def _may_open(self, slug: str) -> bool:
        """What comes back comes without a way that would lead round by now."""
        if self.taking_back:
            return not tree.circle(self.journey.workspace, self.journey.slug, [slug])
        tree.refuse_circle(self.journey, [slug])
        return True

    def _fill(self, name: str, row: Any, fields: Entry) -> None:
        """Sets the row's fields from an entry's; raises JourneyError for what is not there."""
        for field, value in fields.items():
            if field == "touchpoints":
                continue
            if field in ("stage", "lane", "step", "persona"):
                value = self._referred(f"{field}s", value) if value else None
            elif field == "segment":
                value = segment_by_code(self.journey.workspace, value) if value else None
            else:
                value = row_value(field, value, PLAIN[name][field])
            setattr(row, field, value)

    def _referred(self, name: str, key: str) -> Part:
        key = self.known_as(name, key) or key
        row = PARTS[name]._default_manager.filter(journey=self.journey, key=key).first()
        if row is None:
            raise not_there(name, key)
        return row

    def _touchpoints(self, codes: list[str]) -> list[Touchpoint]:
        known = {
            t.code: t
            for t in Touchpoint.objects.filter(workspace=self.journey.workspace, code__in=codes)
        }
        missing = [code for code in codes if code not in known]
        if missing and not self.taking_back:
            raise JourneyError(
                _("The library has no touchpoint “%s” (any more).") % str(missing[0])[:60]
            )
        return [known[code] for code in codes if code in known]

    def _set_touchpoints(self, row: Part, codes: list[str]) -> None:
        if not isinstance(row, Step):
            return
        if len(set(codes)) < len(codes):
            raise JourneyError(_("A touchpoint stands twice in this step."))
        touchpoints = self._touchpoints(codes)
        StepTouchpoint.objects.filter(step=row).delete()
        StepTouchpoint.objects.bulk_create(
            StepTouchpoint(step=row, touchpoint=t, position=i) for i, t in enumerate(touchpoints)
        )


def _refuse(problems: list[str]) -> None:
    if problems:
        raise JourneyError(" ".join(problems[:3]))


def _plain(value: Any) -> Any:
    return None if is_blank(value) else value


def _references(name: str, entry: Entry) -> Entry:
    """The entry's fields that speak of others, such as a card's lane."""
    return {f: value for f, value in fields_of(entry).items() if f not in PLAIN[name]}


def _list_of(row: Part) -> str:
    return next(name for name, model in PARTS.items() if isinstance(row, model))
