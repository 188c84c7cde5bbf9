"""Writing reports: each edit keeps what stood there before, so that deletions can be undone."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User, Workspace
from evidence.scope import Scope
from journeys.models import Journey
from reports.blocks.kinds import MOST_BLOCKS, Block, BlockError, blocks_of, new_id
from reports.blocks.starters import STARTERS
from reports.report_models import NAME_LENGTH, Report, ReportChange

SETTINGS, ADD, EDIT, REMOVE, MOVE, BACK = "settings", "add", "edit", "remove", "move", "back"
WHAT = {
    SETTINGS: _("settings changed"),
    ADD: _("block added"),
    EDIT: _("block changed"),
    REMOVE: _("block removed"),
    MOVE: _("blocks moved"),
    BACK: _("block brought back"),
}
Change = Callable[[list[Block]], list[Block]]


@transaction.atomic
def create_report(
    *,
    workspace: Workspace,
    user: User | None,
    name: str,
    template: str = "empty",
    journey: Journey | None = None,
    scope: Scope | None = None,
    blocks: Sequence[Block] | None = None,
) -> Report:
    """A new report; without blocks of its own it begins with those of its template."""
    made = STARTERS[template].blocks() if blocks is None else blocks
    return Report.objects.create(
        workspace=workspace,
        name=name[:NAME_LENGTH],
        template=template,
        journey=journey,
        scope=(scope or Scope()).to_json(),
        blocks=[block.to_json() for block in made],
        created_by=user,
    )


@transaction.atomic
def change_report(
    *, report: Report, user: User | None, name: str, journey: Journey | None, scope: Scope
) -> None:
    with _Edit(report, user, SETTINGS) as held:
        held.name, held.journey, held.scope = name, journey, scope.to_json()


def add_block(*, report: Report, user: User | None, block: Block) -> Block:
    """Puts it last, with an id of its own."""
    added: list[Block] = []

    def change(blocks: list[Block]) -> list[Block]:
        if len(blocks) >= MOST_BLOCKS:
            raise BlockError(str(_("A report holds at most %(n)d blocks.")) % {"n": MOST_BLOCKS})
        added.append(replace(block, id=new_id(blocks)))
        return [*blocks, *added]

    _edit(report, user, ADD, change)
    return added[0]


def edit_block(*, report: Report, user: User | None, block: Block) -> None:
    """The block of the same id becomes this one."""
    _edit(report, user, EDIT, lambda blocks: [block if b.id == block.id else b for b in blocks])


def remove_block(*, report: Report, user: User | None, block: str) -> ReportChange | None:
    return _edit(report, user, REMOVE, lambda blocks: [b for b in blocks if b.id != block])


def move_block(*, report: Report, user: User | None, block: str, by: int) -> None:
    def change(blocks: list[Block]) -> list[Block]:
        place = next((i for i, one in enumerate(blocks) if one.id == block), None)
        if place is not None:
            to = min(len(blocks) - 1, max(0, place + by))
            blocks.insert(to, blocks.pop(place))
        return blocks

    _edit(report, user, MOVE, change)


def order_blocks(*, report: Report, user: User | None, order: Sequence[str]) -> None:
    """Those named first, in this order; what somebody else added meanwhile stays behind them."""
    places = {name: place for place, name in enumerate(order)}

    def change(blocks: list[Block]) -> list[Block]:
        return sorted(blocks, key=lambda block: places.get(block.id, len(places)))

    _edit(report, user, MOVE, change)


def set_blocks(*, report: Report, user: User | None, blocks: Sequence[Block]) -> None:
    """All of them at once, as a program has them."""
    _edit(report, user, EDIT, lambda _now: list(blocks))


def bring_back(*, report: Report, user: User | None, change: ReportChange) -> None:
    """Puts what this change removed back to where it stood, in the report as it is by now."""
    before, after = blocks_of(change.before["blocks"]), blocks_of(change.after["blocks"])
    left = {block.id for block in after}
    lost = [(place, block) for place, block in enumerate(before) if block.id not in left]

    def again(blocks: list[Block]) -> list[Block]:
        for place, block in lost:
            there = {one.id: one for one in blocks}
            if there.get(block.id) == block:
                continue
            fresh = replace(block, id=new_id(blocks)) if block.id in there else block
            blocks.insert(min(place, len(blocks)), fresh)
        return blocks

    _edit(report, user, BACK, again)


@transaction.atomic
def copy_report(*, report: Report, user: User | None, name: str) -> Report:
    return create_report(
        workspace=report.workspace, user=user, name=name, template=report.template or "empty",
        journey=report.journey, scope=report.asked_scope, blocks=blocks_of(report.blocks),
    )  # fmt: skip


def delete_report(*, report: Report) -> None:
    """Puts it away; nothing that was made of it is touched."""
    Report.objects.filter(pk=report.pk).update(deleted_at=timezone.now())


def restore_report(*, report: Report) -> None:
    Report.objects.filter(pk=report.pk).update(deleted_at=None)


@transaction.atomic
def _edit(report: Report, user: User | None, what: str, change: Change) -> ReportChange | None:
    with _Edit(report, user, what) as held:
        blocks = change(blocks_of(held.blocks))
        held.blocks = [block.to_json() for block in blocks]
        blocks_of(held.blocks)
    return held_change(held)


def held_change(report: Report) -> ReportChange | None:
    """What the last edit of this object came to; None where it changed nothing."""
    return getattr(report, "_last_change", None)


class _Edit:
    """Holds the report's row, and writes the entry of its history; within a transaction."""

    def __init__(self, report: Report, user: User | None, what: str) -> None:
        self.report, self.user, self.what = report, user, what

    def __enter__(self) -> Report:
        Report.objects.select_for_update().get(pk=self.report.pk)
        self.report.refresh_from_db()
        self.before = _state(self.report)
        self.report._last_change = None  # type: ignore[attr-defined]
        return self.report

    def __exit__(self, error: type[BaseException] | None, *rest: object) -> None:
        after = _state(self.report)
        if error is not None or after == self.before:
            return
        self.report.changed_at = timezone.now()
        self.report.save()
        self.report._last_change = ReportChange.objects.create(  # type: ignore[attr-defined]
            report=self.report, user=self.user, what=self.what, before=self.before, after=after
        )


def _state(report: Report) -> dict[str, Any]:
    return {
        "name": report.name,
        "journey": report.journey_id,
        "scope": report.scope,
        "blocks": report.blocks,
    }
