"""What touchpoints answers when evidence asks which codes are known."""

from typing import Any

from django.dispatch import receiver

from accounts.models import Workspace
from evidence.known_words import Words, words_asked
from touchpoints.codes import touchpoint_by_code
from touchpoints.models import EvidenceCode, Touchpoint
from touchpoints.vocabulary import KINDS


@receiver(words_asked, dispatch_uid="touchpoints.known_words")
def tell_words(sender: object, *, workspace: Workspace, **kwargs: Any) -> Words:
    """The library's codes with their names; a touchpoint is known by its further codes too."""
    further = EvidenceCode.objects.filter(workspace=workspace)
    own = Touchpoint.objects.filter(workspace=workspace)
    words = {
        kind: dict(model._default_manager.filter(workspace=workspace).values_list("code", "name"))
        for kind, model in KINDS.items()
    }
    words["touchpoint"] = {
        **dict(further.values_list("code", "touchpoint__name")),
        **dict(own.values_list("code", "name")),
    }
    words["touchpoint_of"] = touchpoint_by_code(workspace)
    return words
