"""Making, ending and opening links to a map; wrong passwords are limited."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts.models import User, Workspace
from accounts.tokens import digest
from journeys.errors import JourneyError
from journeys.models import Journey, PasswordTry, ShareLink

MOST_LINKS = 200
# Wrong passwords within TRIES_FOR: from one address, and from all together.
MOST_TRIES = 5
MOST_TRIES_OF_ALL = 50
TRIES_FOR = timedelta(minutes=15)


class TooManyTries(JourneyError):
    """Passwords were tried so often that nobody's is looked at for a while."""


@transaction.atomic
def make_link(
    *,
    journey: Journey,
    user: User | None,
    name: str = "",
    password: str = "",
    last_day: date | None = None,
    lanes: Sequence[str] = (),
    shows_figures: bool = False,
    number: int | None = None,
) -> tuple[ShareLink, str]:
    """A new link and the secret in its address, which is shown once and kept nowhere.

    `last_day` is the last one on which it opens, in the workspace's time zone.
    """
    journey = Journey.objects.select_for_update(of=("self",), no_key=True).get(pk=journey.pk)
    if journey.share_links.filter(revoked_at=None).count() >= MOST_LINKS:
        raise JourneyError(_("A map has at most %d links; end some first.") % MOST_LINKS)
    if number is not None and not 0 <= number <= journey.revision:
        raise JourneyError(_("This map has no operation %d.") % number)
    secret = secrets.token_urlsafe(24)
    link = ShareLink.objects.create(
        journey=journey,
        name=name,
        digest=digest(secret),
        hint=secret[:6],
        password=make_password(password) if password else "",
        expires_at=_end_of(last_day, journey.workspace) if last_day else None,
        lanes=list(lanes),
        shows_figures=shows_figures,
        number=number,
        made_by=user,
    )
    return link, secret


def _end_of(day: date, workspace: Workspace) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), workspace.zone)


def end_link(*, link: ShareLink) -> None:
    """From now on it opens nothing."""
    ShareLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now())


def reopen_link(*, link: ShareLink) -> None:
    """Takes the ending back; whoever has the address sees the map again."""
    ShareLink.objects.filter(pk=link.pk).update(revoked_at=None)


def open_link(secret: str) -> ShareLink | None:
    """The link with this secret in its address, if it shows anything now."""
    links = ShareLink.objects.open().select_related("journey__workspace")
    return links.filter(digest=digest(secret)).first()


def takes_password(*, link: ShareLink, password: str, sender: str) -> bool:
    """Whether this is the link's password. `sender` is the network address it came from.

    Each try is counted before the password is looked at, so that many at once cannot slip by; a
    right one does not count. Raises TooManyTries.
    """
    made = _count_try(link, salted_hmac("share-link", sender, algorithm="sha256").hexdigest())
    if not link.takes(password):
        return False
    made.delete()
    return True


@transaction.atomic
def _count_try(link: ShareLink, sender: str) -> PasswordTry:
    ShareLink.objects.select_for_update(of=("self",), no_key=True).get(pk=link.pk)
    since = timezone.now() - TRIES_FOR
    link.tries.filter(tried_at__lt=since).delete()
    own = link.tries.filter(sender=sender).count()
    if own >= MOST_TRIES or link.tries.count() >= MOST_TRIES_OF_ALL:
        raise TooManyTries(
            _("Too many wrong passwords. Wait %d minutes, then try again.")
            % (TRIES_FOR.total_seconds() // 60)
        )
    return PasswordTry.objects.create(link=link, sender=sender)


def pass_of(link: ShareLink) -> str:
    """What a browser that knew the password keeps; another password makes it worthless."""
    return hashlib.sha256(f"{link.digest} {link.password}".encode()).hexdigest()
