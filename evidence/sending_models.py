"""What is kept of evidence that arrives by itself."""

from django.db import models

from accounts.models import Workspace


class PostKey(models.Model):
    """An `Idempotency-Key` that a sender gave, and the answer it got, for some days.

    Key and body are kept as keyed hashes: a sender may put anything into them.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="post_keys")
    name = models.CharField(max_length=64)  # over sender and key
    body = models.CharField(max_length=64)
    # Which import the items join, noted before the first row is written.
    joined = models.ForeignKey("evidence.Import", models.SET_NULL, null=True, related_name="+")
    answer = models.BinaryField(null=True)  # JSON, deflated; none while the work goes on
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint("workspace", "name", name="post_key_unique")]

    def __str__(self) -> str:
        return f"key of {self.created_at:%Y-%m-%d %H:%M}"
