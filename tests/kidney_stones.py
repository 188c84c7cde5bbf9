"""Evidence in which an order turns round, as it did in real life.

Failures of two treatments of kidney stones (Charig et al. 1986, BMJ 292, 879–882), told five times
over, as answers about a counter and a phone from customers with small and with large stones. The
counter fails more often as a whole, the phone with small stones and with large ones.
"""

from accounts.models import Workspace
from evidence import lake
from tests.lake_rows import NOON

TIMES = 5
# (touchpoint, segment) → failures, of how many
COUNTS = {
    ("counter", "small"): (6, 87),
    ("counter", "large"): (71, 263),
    ("phone", "small"): (36, 270),
    ("phone", "large"): (25, 80),
}


def put_stones(workspace: Workspace, dimension: str = "segment") -> None:
    with lake.transaction() as cursor:
        for (touchpoint, group), (failed, treated) in COUNTS.items():
            for score, times in ((1, failed), (5, treated - failed)):
                cursor.execute(
                    "INSERT INTO responses (workspace_id, import_id, row_no, occurred_at, "
                    f"touchpoint, metric, score, weight, {dimension}) "
                    "SELECT ?, 1, i, ?, ?, 'csat', ?, 1, ? FROM range(?) AS made(i)",
                    [workspace.pk, NOON, touchpoint, score, group, times * TIMES],
                )
    workspace.raise_evidence_revision()
