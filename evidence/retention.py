"""How long evidence is kept: rules by kind, what they would take out, and taking it out."""

from dataclasses import dataclass
from datetime import UTC, datetime, time

from django.db import transaction
from django.utils import timezone

from accounts.models import User, Workspace
from evidence import lake, locks
from evidence.models import Kind, Removal, Retention
from evidence.removals import finish, name_of, take_out, write_anew

MOST_MONTHS = 1200


@dataclass(frozen=True)
class Preview:
    """What a rule would take out if it were applied now."""

    kind: str
    months: int | None
    before: datetime | None
    rows: int
    all_rows: int

    @property
    def stay(self) -> int:
        return self.all_rows - self.rows


def cutoff(workspace: Workspace, months: int) -> datetime:
    """Midnight in the workspace, so many calendar months ago; the last day of a shorter month."""
    today = timezone.now().astimezone(workspace.zone).date()
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    if year < 1:
        year, month = 1, 0
    for day in (today.day, 30, 29, 28):
        try:
            found = today.replace(year=year, month=month + 1, day=day)
            break
        except ValueError:
            continue
    if found.year < 2:
        return datetime(1, 1, 2, tzinfo=UTC)
    return datetime.combine(found, time(), workspace.zone)


def preview(workspace: Workspace, months: dict[str, int | None]) -> list[Preview]:
    """Counted from the rows, for each kind."""
    told = []
    for kind in Kind.values:
        wanted = months.get(kind)
        before = cutoff(workspace, wanted) if wanted else None
        with lake.cursor() as cursor:
            rows, every = cursor.execute(
                "SELECT count(*) FILTER (occurred_at < CAST(? AS TIMESTAMP)), count(*) "
                f"FROM {lake.known(kind)} WHERE workspace_id = ?",
                [_naive(before), workspace.pk],
            ).fetchall()[0]
        told.append(Preview(kind, wanted, before, rows, every))
    return told


@transaction.atomic
def set_rules(*, workspace: Workspace, months: dict[str, int | None], user: User) -> None:
    """The rules from now on; the upkeep of the night applies them."""
    for kind, wanted in months.items():
        if wanted:
            Retention.objects.update_or_create(
                workspace=workspace, kind=kind, defaults={"months": wanted, "set_by": user}
            )
        else:
            workspace.retentions.filter(kind=kind).delete()


def apply_rules() -> list[Removal]:
    """Takes out what has had its time in all workspaces; each with a proof. There is no undo."""
    done = []
    for rule in Retention.objects.select_related("workspace", "set_by").order_by("pk"):
        removal = _apply(rule)
        if removal is not None:
            done.append(removal)
    return done


def _apply(rule: Retention) -> Removal | None:
    workspace, kind = rule.workspace, rule.kind
    cut_off = workspace.removals.filter(
        reason=Removal.Reason.RETENTION, kind=kind, done_at=None
    ).first()
    before = cut_off.before if cut_off and cut_off.before else cutoff(workspace, rule.months)
    with locks.held(locks.rewriting(lake.known(kind))):
        removal = cut_off
        if removal is None:
            if not _older(workspace, kind, before):
                return None
            removal = Removal.objects.create(
                workspace=workspace,
                reason=Removal.Reason.RETENTION,
                asked_by=rule.set_by,
                asked_by_name=name_of(rule.set_by),
                asked_at=rule.set_at,
                kind=kind,
                before=before,
            )
        take_out(removal, (kind,), "occurred_at < CAST(? AS TIMESTAMP)", _naive(before))
        finish(removal, tables=(kind,), more={}, user=rule.set_by)
        with lake.cursor() as cursor:
            write_anew(cursor, (kind,))
    return removal


def _older(workspace: Workspace, kind: str, before: datetime) -> bool:
    with lake.cursor() as cursor:
        return bool(
            cursor.execute(
                f"SELECT 1 FROM {lake.known(kind)} WHERE workspace_id = ? "
                "AND occurred_at < CAST(? AS TIMESTAMP) LIMIT 1",
                [workspace.pk, _naive(before)],
            ).fetchall()
        )


def _naive(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC).replace(tzinfo=None) if moment else None
