"""The same call sent twice is done once: `Idempotency-Key` (docs/evidence.md).

A key is kept with the answer in the transaction that accounts for the call's rows (posting.py):
so where it is known, the rows are there, and where it is not, they are not, or will be taken out.
"""

import hashlib
import hmac
import json
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Workspace
from evidence.errors import EvidenceError
from evidence.models import PostKey
from evidence.posted import Key

KEPT_FOR = timedelta(hours=48)
MOST_KEY = 200


def check_key(key: str) -> str:
    """The key as sent, where it is one."""
    if not (0 < len(key) <= MOST_KEY and key.isprintable()):
        raise EvidenceError(
            _("“Idempotency-Key” must have 1 to %d printable characters.") % MOST_KEY
        )
    return key


def key_of(workspace: Workspace, *, sender: str, key: str, body: bytes) -> Key:
    """Two senders may use the same key; what is kept of it says nothing to anybody."""
    return Key(
        name=_hashed(workspace, sender, check_key(key)),
        body=_hashed(workspace, hashlib.sha256(body).hexdigest()),
    )


def sweep_keys() -> int:
    """Forgets old keys."""
    return PostKey.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()[0]


def _hashed(workspace: Workspace, *parts: str) -> str:
    text = json.dumps(parts).encode()
    return hmac.new(bytes(workspace.secret), text, hashlib.sha256).hexdigest()
