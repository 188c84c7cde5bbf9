"""An undo restores the figures exactly, whatever the import had bent."""

from evidence.actions import undo_import
from tests.evidence.bringing import ANSWERS, HEAD, WAITS, bring
from tests.painpoints.conftest import scored

HERE = "at,where,score\n"


def told(run):
    """Everything a run says but when and at which snapshot it was made."""
    return {key: value for key, value in run.result.items() if key != "snapshot"}


def test_an_undo_restores_every_figure(workspace, journey, tmp_path):
    waits = HEAD + "".join(
        f"2025-03-{1 + i % 28:02} 10:{i % 60:02},{('counter', 'phone')[i % 2]},{i % 120}\n"
        for i in range(200)
    )
    answers = HERE + "".join(
        f"2025-03-{1 + i % 28:02},{('counter', 'phone', 'app')[i % 3]},{1 + i % 5}\n"
        for i in range(150)
    )
    bring(workspace, tmp_path, waits, WAITS)
    bring(workspace, tmp_path, answers, ANSWERS)
    before = scored(journey)

    late = HEAD + "".join(f"2025-03-09 11:{i % 60:02},counter,{900 + i}\n" for i in range(90))
    angry = HERE + "".join(f"2025-03-{1 + i % 28:02},app,1\n" for i in range(60))
    imports = [
        bring(workspace, tmp_path, late, WAITS), bring(workspace, tmp_path, angry, ANSWERS),
    ]  # fmt: skip
    bent = scored(journey)
    assert told(bent) != told(before)

    for found in imports:
        undo_import(found=found, user=None)
    after = scored(journey)
    assert after.pk != before.pk
    assert told(after) == told(before)
