"""What journeys answers when evidence asks which codes are known."""

from typing import Any

from django.dispatch import receiver

from accounts.models import Workspace
from evidence.known_words import Words, words_asked
from journeys.models import Journey


@receiver(words_asked, dispatch_uid="journeys.known_words")
def tell_words(sender: object, *, workspace: Workspace, **kwargs: Any) -> Words:
    """Evidence knows a journey by its slug."""
    own = Journey.objects.filter(workspace=workspace)
    return {"journey": dict(own.values_list("slug", "name"))}
