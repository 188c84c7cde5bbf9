"""A touchpoint's weeks: levels, thin and unfinished weeks, silent families, and what is kept."""

from datetime import date, datetime, time, timedelta

import pytest

from analytics import alerts
from painpoints import trend as drawing
from painpoints.models import RunCounts
from painpoints.series import KIND, _read, document_of, trends_of
from tests.lake_rows import answer, put
from tests.painpoints.conftest import scored

pytestmark = pytest.mark.django_db
WEIGHTS = {"felt": 1.0, "waited": 0.6, "repeated": 0.5, "lost": 0.8, "complained": 1.0}


def mondays(weeks: int) -> list[str]:
    return [(date(2026, 1, 5) + timedelta(weeks=i)).isoformat() for i in range(weeks)]


def trend(families, weeks=20):
    document = document_of(mondays(weeks), {"queue": families}, WEIGHTS)
    return _read(document).by_code["queue"]


def test_a_step_makes_two_levels_and_the_weeks_stand_around_theirs():
    found = trend({"felt": ([4] * 10 + [40] * 10, [100] * 20)})
    ((week, before, after),) = found.steps
    assert week == date(2026, 3, 16)
    assert (before, after) == (pytest.approx(0.04), pytest.approx(0.4))
    assert found.severity[0] == pytest.approx(0.04, abs=0.01)
    assert found.severity[19] == pytest.approx(0.4, abs=0.02)
    assert all(a < b < c for a, b, c in zip(found.low, found.severity, found.high, strict=True))


def test_weeks_without_evidence_stay_empty_and_thin_ones_say_so():
    n = [100] * 9 + [0] + [12] * 10
    found = trend({"felt": ([round(0.1 * each) for each in n], n)})
    assert found.severity[9] is None
    assert found.high[9] is None
    assert found.is_thin(10)
    assert not found.is_thin(9)
    assert not found.is_thin(0)
    picture = drawing.draw(found, drawing.top_of([found]))
    assert len(picture.thin) == 10
    assert len(picture.lines) == 2  # the empty week cuts the line


def test_an_unfinished_week_belongs_to_no_level():
    families = {"felt": ([10] * 19 + [9], [100] * 19 + [20])}
    found = trend(families)
    assert alerts.whole_weeks({"queue": families}) == 19
    (level,) = found.levels
    assert (level.begin, level.end) == (0, 19)
    assert level.severity == pytest.approx(0.1)
    assert found.severity[19] is not None


def test_a_signal_of_a_few_weeks_does_not_make_them_look_worse():
    rare = [0] * 8 + [50, 50] + [0] * 10
    found = trend({"felt": ([10] * 20, [100] * 20), "waited": (rare, [2 * n for n in rare])})
    assert found.severity[8] == pytest.approx(found.severity[7], abs=0.01)


def test_what_is_said_of_a_trend():
    stepped = trend({"felt": ([4] * 10 + [40] * 10, [100] * 20)})
    assert drawing.sentence(stepped) == "since 16 Mar 2026 at 40 of 100, before at 4"
    steady = trend({"felt": ([10] * 20, [100] * 20)})
    assert drawing.sentence(steady) == "no lasting change: 10 of 100"
    short = trend({"felt": ([10] * 5, [100] * 5)}, weeks=5)
    assert drawing.sentence(short) == "10 of 100; too few weeks to tell a lasting change"
    spoken = drawing.spoken(steady, "The queue")
    assert spoken.startswith("The queue, week by week: no lasting change: 10 of 100.")
    assert spoken.endswith("n 100.")


def test_it_is_computed_once_and_kept_with_the_run(workspace, journey):
    start = date(2026, 3, 2)
    for week in range(3):
        when = {"occurred_at": datetime.combine(start + timedelta(weeks=week), time(10))}
        rows = [answer("app", "csat", 1, **when)] * 4 + [answer("app", "csat", 5, **when)] * 36
        put("responses", workspace, rows, week + 1)
    workspace.raise_evidence_revision()
    journey.workspace.refresh_from_db()
    run = scored(journey)
    found = trends_of(run).by_code["app"]
    assert found.weeks == [start, start + timedelta(weeks=1), start + timedelta(weeks=2)]
    assert found.n == [40, 40, 40]
    assert found.levels[0].severity == pytest.approx(0.1)
    RunCounts.objects.filter(run=run, kind="breakdown").delete()
    RunCounts.objects.get(run=run, kind=KIND)
    assert trends_of(run).by_code["app"] == found
