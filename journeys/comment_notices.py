"""Who is told of a comment, and what."""

from django.db.models import Q
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.notices import notify
from journeys.models import Comment

LONGEST = 300


def readers_of(comment: Comment) -> list[User]:
    """Those it mentions, and those who said something about the same part; all still members."""
    said = Comment.objects.standing().filter(
        journey=comment.journey_id, list=comment.list, part=comment.part
    )
    found = User.objects.filter(
        Q(pk__in=comment.mentions.all()) | Q(pk__in=said.values("author")),
        memberships__workspace=comment.journey.workspace_id,
        is_active=True,
    )
    return list(found.exclude(pk=comment.author_id or 0).distinct().order_by("pk"))


def tell(comment: Comment) -> None:
    """Each in their own language, and once, however often the comment changes."""
    mentioned = set(comment.mentions.values_list("pk", flat=True))
    for user in readers_of(comment):
        with override(getattr(user, "language", "") or get_language()):
            words = {"who": str(comment.author), "journey": str(comment.journey)}
            title = (
                _("%(who)s mentioned you on “%(journey)s”")
                if user.pk in mentioned
                else _("%(who)s commented on “%(journey)s”")
            )
            notify(
                workspace_id=comment.journey.workspace_id,
                user_id=user.pk,
                key=f"comment-{comment.pk}",
                title=title % words,
                text=comment.text[:LONGEST],
                url=address_of(comment),
            )


def address_of(comment: Comment) -> str:
    """The comment among those on its part."""
    journey = comment.journey
    page = reverse("journeys:comments", args=[journey.workspace.slug, journey.slug])
    query = urlencode({"list": comment.list, "part": comment.part})
    return f"{page}?{query}#comment-{comment.pk}"
