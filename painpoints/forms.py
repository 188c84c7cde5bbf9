"""Forms of pain points, actions and scoring settings."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User, Workspace
from painpoints.models import Action, PainPoint, ScoringSettings


def offer_members(form: forms.ModelForm, workspace: Workspace) -> None:
    """Whoever belongs to the workspace may own it."""
    owner = form.fields["owner"]
    owner.queryset = User.objects.filter(memberships__workspace=workspace).order_by("email")  # type: ignore[attr-defined]
    owner.empty_label = _("Nobody yet")  # type: ignore[attr-defined]


class RecordForm(forms.ModelForm):
    """A pain point that a person tells of."""

    class Meta:
        model = PainPoint
        fields = ["journey", "touchpoint", "title", "note", "type", "cause", "owner"]
        labels = {"journey": _("Journey")}
        help_texts = {
            "title": _("What hurts, in a few words."),
            "note": _("How you know: an interview, a complaint, your own eyes."),
            "owner": _("Without a choice you own it until somebody else does."),
        }
        widgets = {"note": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["journey"].queryset = workspace.journeys.all()  # type: ignore[attr-defined]
        self.fields["touchpoint"].queryset = workspace.touchpoints.all()  # type: ignore[attr-defined]
        offer_members(self, workspace)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        journey, touchpoint = self.cleaned_data.get("journey"), self.cleaned_data.get("touchpoint")
        if journey and touchpoint and touchpoint not in journey.touchpoints():
            self.add_error(
                "touchpoint",
                _("“%(touchpoint)s” is not on the map of “%(journey)s”; choose one that is.")
                % {"touchpoint": touchpoint, "journey": journey},
            )
        return cleaned


class ChangeForm(forms.ModelForm):
    """What a person may say of a pain point; type and cause left empty go back to scoring."""

    class Meta:
        model = PainPoint
        fields = [
            "status", "owner", "type", "cause", "effort_days", "business_value", "title", "note",
        ]  # fmt: skip
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "effort_days": _("What mending it would take, all people together."),
            "business_value": _("What mending it is worth besides: 0 nothing, 10 the most."),
        }

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_members(self, workspace)
        self.initial["title"] = str(self.instance)
        for name in ("type", "cause"):
            field = self.fields[name]
            field.choices = [("", _("Not decided")), *field.choices[1:]]  # type: ignore[attr-defined]

    def clean_title(self) -> str:
        """Left as it was shown, the title stays what scoring calls it, in every language."""
        title: str = self.cleaned_data["title"]
        return self.instance.title if title == self.initial["title"] else title


class WorthForm(forms.ModelForm):
    """Effort and business value alone; what is not sent stays as it is."""

    class Meta:
        model = PainPoint
        fields = ["effort_days", "business_value"]

    def __init__(self, data: Any, *, instance: PainPoint) -> None:
        super().__init__(data, instance=instance)
        for name in list(self.fields):
            if name not in data:
                del self.fields[name]


class ActionForm(forms.ModelForm):
    class Meta:
        model = Action
        fields = ["text", "owner", "due_on"]
        widgets = {"due_on": forms.DateInput(attrs={"type": "date"})}

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_members(self, workspace)


class SettingsForm(forms.ModelForm):
    """Weights and thresholds of formula pain/1 in this workspace."""

    score_again = forms.BooleanField(
        label=_("Score all journeys again with these settings"), required=False, initial=True
    )

    class Meta:
        model = ScoringSettings
        fields = [
            "weight_felt",
            "weight_waited",
            "weight_repeated",
            "weight_lost",
            "weight_complained",
            "short_abandon_s",
            "repeat_days",
        ]
        help_texts = {
            "weight_felt": _("Painful answers: the share of them that really hurt, 0 to 1."),
            "weight_waited": _("Waits beyond the promise, and callers who gave up."),
            "weight_repeated": _("Customers who come back to the same touchpoint within days."),
            "weight_lost": _("Journeys that ended here without reaching the goal."),
            "weight_complained": _("Complaints about the touchpoint."),
            "short_abandon_s": _("Who gives up this soon was not kept waiting: left out of waits."),
            "repeat_days": _("A second passage within so many days counts as a repeat."),
        }
