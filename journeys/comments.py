"""What people say about parts of a map: said, answered, changed, settled, taken back.

Whoever may see a map may comment on it; only its author changes a comment, and those who draw the
map resolve it. A mention is `@` and a member's name or e-mail address in the text.
"""

import re
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import live
from accounts.models import User, Workspace
from journeys.comment_notices import tell
from journeys.editing import channel_of
from journeys.entries import PARTS
from journeys.errors import JourneyError
from journeys.models import COMMENT_LENGTH, Comment, Journey

MOST_COMMENTS = 10_000
ANNOUNCED = "comment "


@transaction.atomic
def add_comment(
    *,
    journey: Journey,
    user: User,
    text: str,
    about: str = "",
    part: str = "",
    parent: Comment | None = None,
) -> Comment:
    """A remark on a part, or an answer to one: then about what that is about."""
    text = _checked(text)
    if parent is not None:
        about, part = parent.list, parent.part
    elif not is_on_map(journey, about, part):
        raise JourneyError(_("What this is about is no longer on the map."))
    if journey.comments.count() >= MOST_COMMENTS:
        raise JourneyError(_("A map has at most %d comments.") % MOST_COMMENTS)
    comment = Comment.objects.create(
        journey=journey, list=about, part=part, parent=parent, text=text, author=user
    )
    comment.mentions.set(mentioned_in(journey.workspace, text))
    tell(comment)
    _announce(comment)
    return comment


@transaction.atomic
def change_comment(*, comment: Comment, text: str) -> None:
    """New words for a comment; whoever they newly mention is told."""
    text = _checked(text)
    if text == comment.text:
        return
    comment.text, comment.edited_at = text, timezone.now()
    comment.save(update_fields=["text", "edited_at"])
    comment.mentions.set(mentioned_in(comment.journey.workspace, text))
    tell(comment)
    _announce(comment)


@transaction.atomic
def resolve_comment(*, comment: Comment, user: User) -> None:
    comment.resolved_at, comment.resolved_by = timezone.now(), user
    comment.save(update_fields=["resolved_at", "resolved_by"])
    _announce(comment)


@transaction.atomic
def reopen_comment(*, comment: Comment) -> None:
    comment.resolved_at = comment.resolved_by = None
    comment.save(update_fields=["resolved_at", "resolved_by"])
    _announce(comment)


@transaction.atomic
def delete_comment(*, comment: Comment) -> None:
    """Takes it away with its answers, until it is brought back."""
    comment.deleted_at = timezone.now()
    comment.save(update_fields=["deleted_at"])
    _announce(comment)


@transaction.atomic
def bring_back_comment(*, comment: Comment) -> None:
    comment.deleted_at = None
    comment.save(update_fields=["deleted_at"])
    _announce(comment)


def _checked(text: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if not text or len(text) > COMMENT_LENGTH or "\0" in text:
        raise JourneyError(_("A comment has 1 to %d characters.") % COMMENT_LENGTH)
    return text


def is_on_map(journey: Journey, about: str, part: str) -> bool:
    if about not in Comment.About.values or "\0" in part:
        return False
    return PARTS[about]._default_manager.filter(journey=journey, key=part).exists()


def _announce(comment: Comment) -> None:
    live.notify(channel_of(comment.journey), f"{ANNOUNCED}{comment.pk}")


# ---- reading ----


def threads_of(journey: Journey) -> QuerySet[Comment]:
    """Remarks with their answers, oldest first."""
    answers = Comment.objects.standing().select_related("author")
    return (
        journey.comments.threads()
        .select_related("author", "resolved_by")
        .prefetch_related(Prefetch("answers", queryset=answers))
    )


def counts_of(journey: Journey) -> dict[str, dict[str, dict[str, int]]]:
    """List → part → how many remarks are open, and how many resolved."""
    found: dict[str, dict[str, dict[str, int]]] = {name: {} for name in Comment.About.values}
    counted = (
        journey.comments.threads()
        .order_by()
        .values("list", "part")
        .annotate(
            open=Count("pk", filter=Q(resolved_at=None)),
            resolved=Count("pk", filter=~Q(resolved_at=None)),
        )
    )
    for row in counted:
        found[row["list"]][row["part"]] = {"open": row["open"], "resolved": row["resolved"]}
    return found


def told_of(pk: str) -> dict[str, str | int]:
    """The part a comment is about, and how many remarks it has now, as clients hear of it."""
    comment = Comment.objects.select_related("journey").filter(pk=pk).first()
    if comment is None:
        return {}
    counts = counts_of(comment.journey)[comment.list].get(comment.part)
    return {
        "list": comment.list, "part": comment.part, **(counts or {"open": 0, "resolved": 0}),
    }  # fmt: skip


# ---- mentions ----


def members_of(workspace: Workspace) -> list[User]:
    members = User.objects.filter(memberships__workspace=workspace, is_active=True)
    return sorted(members, key=lambda user: str(user).lower())


def calls_of(members: Iterable[User]) -> dict[str, str]:
    """How each is mentioned: by name, or by e-mail where others have that name too; → its words."""
    members = list(members)
    names = [str(user).lower() for user in members]
    return {
        (str(user) if names.count(str(user).lower()) == 1 else user.email): str(user)
        for user in members
    }


def mentioned_in(workspace: Workspace, text: str) -> list[User]:
    """Members whose name or e-mail stands in the text after an @; the longest name counts."""
    if "@" not in text:
        return []
    by_word: dict[str, list[User]] = {}
    for user in members_of(workspace):
        for word in {str(user), user.email}:
            by_word.setdefault(word.casefold(), []).append(user)
    words = sorted(by_word, key=len, reverse=True)
    pattern = "|".join(re.escape(word) for word in words)
    if not pattern:
        return []
    found = re.finditer(rf"(?<![a-z0-9._-])@({pattern})(?![a-z0-9_])", text.casefold())
    users = {user.pk: user for match in found for user in by_word[match[1]]}
    return list(users.values())
