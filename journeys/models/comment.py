"""What people say about a card, step or stage to each other."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from journeys.models.journey import Journey
from journeys.models.parts import KEY_LENGTH

COMMENT_LENGTH = 4000


class CommentQuerySet(models.QuerySet["Comment"]):
    def standing(self) -> "CommentQuerySet":
        """Those that nobody deleted; an answer goes with what it answers."""
        return self.filter(deleted_at=None).filter(Q(parent=None) | Q(parent__deleted_at=None))

    def threads(self) -> "CommentQuerySet":
        return self.standing().filter(parent=None)


class Comment(models.Model):
    """A remark on a part of a map, or an answer to one.

    It names the part by its list and key, so it outlives the part and comes back with it.
    """

    class About(models.TextChoices):
        CARDS = "cards", _("Card")
        STEPS = "steps", _("Step")
        STAGES = "stages", _("Stage")

    journey = models.ForeignKey(Journey, models.CASCADE, related_name="comments")
    list = models.CharField(max_length=6, choices=About.choices)
    part = models.CharField(max_length=KEY_LENGTH)
    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="answers")
    text = models.TextField(_("comment"), max_length=COMMENT_LENGTH)
    author = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    mentions = models.ManyToManyField(User, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    deleted_at = models.DateTimeField(null=True)  # so that it can be undone

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["made_at", "pk"]
        indexes = [models.Index("journey", "list", "part", name="comment_of_part")]
        constraints = [
            models.CheckConstraint(
                condition=Q(list__in=["cards", "steps", "stages"]), name="comment_about_known"
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | Q(resolved_at=None), name="comment_answer_not_resolved"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]
