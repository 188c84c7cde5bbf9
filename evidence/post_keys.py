"""The same call sent twice is done once: `Idempotency-Key` (docs/evidence.md).

The key is claimed in PostgreSQL before a row is written, and answered in the transaction that
accounts for the rows. Whoever dies in between leaves a claim without an answer that names the
import; the next call with the key takes out what was left behind there, and does the work again.
"""

import hashlib
import hmac
import json
import logging
import time
import zlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Workspace
from evidence import locks
from evidence.errors import EvidenceError
from evidence.models import PostKey
from evidence.posting import Posted
from evidence.settling import settle

log = logging.getLogger(__name__)
KEPT_FOR = timedelta(hours=48)
MOST_KEY = 200
PATIENCE_S = 20.0

Answer = dict[str, Any]


class KeyReused(EvidenceError):
    """The key came with another body before."""


class StillWorking(EvidenceError):
    """The first call with this key has no answer yet."""


def check_key(key: str) -> str:
    """The key as sent, where it is one."""
    if not (0 < len(key) <= MOST_KEY and key.isprintable()):
        raise EvidenceError(
            _("“Idempotency-Key” must have 1 to %d printable characters.") % MOST_KEY
        )
    return key


def answer_once(
    *,
    workspace: Workspace,
    sender: str,
    key: str,
    body: bytes,
    post: Callable[[PostKey], Posted],
) -> tuple[Answer, bool]:
    """The answer to this call, and whether it is the one that was given before."""
    name = _hashed(workspace, sender, check_key(key))
    digest = _hashed(workspace, hashlib.sha256(body).hexdigest())
    with locks.held(locks.post_key(workspace.pk, name), check=_patience()):
        claim, _made = PostKey.objects.get_or_create(
            workspace=workspace, name=name, defaults={"body": digest}
        )
        if claim.body != digest:
            raise KeyReused(
                _(
                    "This “Idempotency-Key” came with another body before. A new call needs a "
                    "new key; the same call must be sent as it was."
                )
            )
        if claim.answer is not None:
            return json.loads(zlib.decompress(claim.answer)), True
        try:
            return post(claim).answer(), False
        except EvidenceError:
            claim.delete()  # nothing was kept, and it may be sent again, mended
            raise


def sweep_keys() -> int:
    """Forgets old keys; where one has no answer, what its call left in the lake goes first."""
    old = PostKey.objects.filter(created_at__lt=timezone.now() - KEPT_FOR)
    answered, _of = old.exclude(answer=None).delete()
    for claim in old.select_related("joined__workspace"):
        joined = claim.joined
        with locks.held(locks.post_key(claim.workspace_id, claim.name)):
            if joined is not None:
                settle(joined)
            answered += PostKey.objects.filter(pk=claim.pk).delete()[0]
    return answered


def _hashed(workspace: Workspace, *parts: str) -> str:
    text = json.dumps(parts).encode()
    return hmac.new(bytes(workspace.secret), text, hashlib.sha256).hexdigest()


def _patience() -> Callable[[], None]:
    until = time.monotonic() + PATIENCE_S

    def check() -> None:
        if time.monotonic() > until:
            raise StillWorking(
                _("The first call with this “Idempotency-Key” is still being worked on.")
            )

    return check
