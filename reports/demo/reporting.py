"""The demo's report: a monthly pain review as an analyst would have composed it."""

from dataclasses import replace
from datetime import date

from django.db import transaction
from django.utils.translation import override

from accounts.models import User, Workspace
from evidence.scope import Scope
from reports.blocks.kinds import TEXT
from reports.blocks.starters import STARTERS
from reports.demo.bank import ADMIN
from reports.report_actions import create_report
from reports.report_models import Report
from reports.schedule_models import Schedule
from reports.scheduling import add_schedule, end_schedule

ANALYST, READER = "wei.zhang@harbourbank.example", "farah.aziz@harbourbank.example"
JOURNEY = "opening-an-account"
OCTOBER = Scope(date(2026, 10, 1), date(2026, 11, 1))
DECIDED = """\
- Farah Aziz: a second desk for identity checks from eleven to two, until the middle of December.
- Ines Marsh: the messages about the application say what happens next, and when.
- Looked at again in the first week of December, with November's evidence."""


@transaction.atomic
def leave_report(workspace: Workspace) -> Report | None:
    """One report with one schedule, which is stopped: nothing is sent from a demo by itself.

    Where there ever was a report, also one that was deleted, there is no need of it.
    """
    journey = workspace.journeys.filter(slug=JOURNEY).first()
    if journey is None or Report.objects.filter(workspace=workspace).exists():
        return None
    people = {user.email: user for user in User.objects.filter(memberships__workspace=workspace)}
    analyst = people.get(ANALYST) or people[ADMIN.email]
    with override("en"):  # as everything that the demo's people wrote
        blocks = STARTERS["monthly"].blocks()
        report = create_report(
            workspace=workspace,
            user=analyst,
            name="Pain review, October 2026",
            template="monthly",
            journey=journey,
            scope=OCTOBER,
            blocks=[
                replace(block, text=DECIDED) if block.kind == TEXT else block for block in blocks
            ],
        )
    schedule = add_schedule(
        report=report,
        user=analyst,
        reader=people.get(READER) or analyst,
        every=Schedule.Every.MONTH,
        day=2,
        timezone=workspace.timezone,
        format="pdf",
    )
    end_schedule(schedule=schedule)
    return report
