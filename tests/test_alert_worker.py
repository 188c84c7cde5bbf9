"""An alert all the way, with a real worker: an import, its scoring, the notice, the mail."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from accounts.models import Membership
from accounts.notices import Notification
from evidence import actions
from journeys.mapfile import load_map
from painpoints.alert_models import AlertMail
from painpoints.alerts import change_rule
from painpoints.models import ScoringRun
from tests.config.running import running, test_database_url
from tests.factories import MembershipFactory
from tests.test_worker_killed import MAP, MAPPING, wait_for

pytestmark = pytest.mark.django_db(transaction=True)
START = date(2026, 1, 5)


@pytest.fixture
def worse(tmp_path: Path) -> Path:
    """Sixteen weeks of waits at desk 0; in the last four, half of them are too long."""
    path = tmp_path / "waits.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["at", "queue", "who", "wait"])
        for week in range(16):
            day = START + timedelta(weeks=week)
            late = 150 if week >= 12 else 30
            writer.writerows(
                [f"{day} 10:{i % 60:02}", "desk-0", f"c{week}-{i}", 90 if i < late else 5]
                for i in range(300)
            )
    return path


def test_people_are_told_what_an_import_shows(workspace, worse, tmp_path):
    reader: Membership = MembershipFactory(workspace=workspace, role="viewer")
    journey = load_map(workspace, MAP, None)
    rule = {"is_on": True, "window": 4, "least": 3, "better": False}
    change_rule(journey=journey, user=reader.user, values=rule, readers={reader.user_id: True})
    found = actions.create_import(workspace=workspace, user=None, path=worse, source="w.csv")
    actions.start_import(found=found, document=MAPPING, user=None)
    with running("worker", DATABASE_URL=test_database_url()):
        wait_for(lambda: ScoringRun.objects.done().exists(), 90, "was not scored")
        wait_for(
            lambda: AlertMail.objects.filter(state__in=["kept", "sent"]).exists(),
            60,
            "the mail did not go out",
        )
    told = Notification.objects.get(user=reader.user)
    assert "Desk 0 became worse" in told.title
    assert AlertMail.objects.get().tries == 1
