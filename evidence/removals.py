"""Rows that leave the evidence for good: planned, taken out, accounted for, and proved.

The lake's commit and Django's are two transactions. The plan is stored before anything is deleted;
a removal that was cut off between the two is accounted for by its plan (settling.py).
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User, Workspace
from evidence import lake, locks
from evidence.models import Import, Removal
from evidence.signals import evidence_changed


def name_of(user: User | None) -> str:
    return str(user.email) if user else _("the command line")


def take_out(removal: Removal, tables: tuple[str, ...], clause: str, value: object) -> None:
    """Deletes the rows of these tables that the clause means, and accounts for them.

    Call it holding the tables. Nobody reads between the plan and the account (commits.py).
    """
    with locks.held(locks.changing(removal.workspace_id)):
        for table in tables:
            found = _meant(removal.workspace, table, clause, value)
            if found["imports"]:
                removal.plan[table] = _behind(removal.plan.get(table), found)
        removal.save(update_fields=["plan"])
        with lake.transaction(f"removal {removal.pk}") as cursor:
            for table in tables:
                cursor.execute(
                    f"DELETE FROM {lake.known(table)} WHERE workspace_id = ? AND {clause}",
                    [removal.workspace_id, value],
                )
        account(removal)


def _behind(told: dict[str, Any] | None, found: dict[str, Any]) -> dict[str, Any]:
    """A second attempt may find rows that came since the first one was accounted for."""
    if not told or not told.get("accounted"):
        return found
    return {
        "imports": found["imports"],
        "codes": sorted({*told["codes"], *found["codes"]}),
        "journeys": sorted({*told["journeys"], *found["journeys"]}),
        "before": _rows(told),
    }


def _rows(told: dict[str, Any]) -> int:
    return sum(told.get("imports", {}).values()) + int(told.get("before", 0))


@transaction.atomic
def account(removal: Removal) -> None:
    """Our commit after the lake's: what each import has lost, and a new revision."""
    if not removal.unaccounted():
        return
    for told in removal.plan.values():
        if not told.get("accounted"):
            for pk, n in told["imports"].items():
                own = Import.objects.filter(pk=int(pk), workspace=removal.workspace_id)
                own.update(gone=F("gone") + n)
            told["accounted"] = True
    removal.save(update_fields=["plan"])
    removal.workspace.raise_evidence_revision()


def is_taken_out(removal: Removal) -> bool:
    """Whether the lake's commit happened; the plan's first import tells. They go all or none."""
    for table, told in removal.plan.items():
        for pk in told["imports"] if not told.get("accounted") else ():
            found = Import.objects.filter(pk=int(pk)).first()
            if found is not None:
                own = {"workspace_id": removal.workspace_id, "import_id": found.pk}
                return lake.rows_of(table, **own) < found.accepted - found.gone
    return False


def _meant(workspace: Workspace, table: str, clause: str, value: object) -> dict[str, Any]:
    with lake.cursor() as cursor:
        found = cursor.execute(
            f"SELECT import_id, touchpoint, journey, count(*) FROM {lake.known(table)} "
            f"WHERE workspace_id = ? AND {clause} GROUP BY ALL",
            [workspace.pk, value],
        ).fetchall()
    imports: dict[str, int] = {}
    for import_id, _code, _journey, n in found:
        imports[str(import_id)] = imports.get(str(import_id), 0) + n
    return {
        "imports": imports,
        "codes": sorted({code for _import, code, _journey, _n in found if code}),
        "journeys": sorted({journey for _import, _code, journey, _n in found if journey}),
    }


def finish(
    removal: Removal, *, tables: tuple[str, ...], more: Mapping[str, int], user: User | None
) -> None:
    """Seals the proof, and tells whoever counts on the evidence."""
    plan = removal.plan
    counts = {table: _rows(plan.get(table, {})) for table in tables}
    with transaction.atomic():
        workspace = Workspace.objects.select_for_update().get(pk=removal.workspace_id)
        last = workspace.removals.exclude(seal="").order_by("-done_at", "-pk").first()
        removal.counts = {**counts, **more}
        # What was known of the rows while they were taken out is nobody's business any more.
        removal.plan, removal.done_at = {}, timezone.now()
        removal.previous = last.seal if last else ""
        removal.seal = removal.sealed()
        removal.save()
        workspace.raise_evidence_revision()
        if any(counts.values()):
            evidence_changed.send(
                sender=Import,
                workspace=workspace,
                kinds={table for table, n in counts.items() if n},
                codes={code for told in plan.values() for code in told["codes"]},
                journeys={journey for told in plan.values() for journey in told["journeys"]},
                user=user,
            )


def write_anew(cursor: lake.Cursor, tables: tuple[str, ...]) -> None:
    """Files and inlined rows without what was deleted; call it holding the tables."""
    for table in tables:
        cursor.execute("CALL ducklake_flush_inlined_data('lake', table_name => ?)", [table])
        cursor.execute(
            "CALL ducklake_rewrite_data_files('lake', ?, delete_threshold => 0.0)", [table]
        )
