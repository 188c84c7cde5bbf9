"""What reports keeps in files when a customer is erased."""

import uuid
from typing import Any

from django.dispatch import receiver

from accounts.models import Workspace
from evidence.signals import customer_erased
from reports.report_models import Export


@receiver(customer_erased, dispatch_uid="reports.throw_exports_away")
def throw_exports_away(
    sender: object, *, workspace: Workspace, customer: uuid.UUID, **kwargs: Any
) -> dict[str, int]:
    """Files with what people wrote go, whoever wrote it: whose words they hold is not known."""
    thrown = 0
    for export in Export.objects.filter(workspace=workspace, has_comments=True):
        export.path.unlink(missing_ok=True)
        export.delete()
        thrown += 1
    return {"exports": thrown}
