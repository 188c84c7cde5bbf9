"""Forms of journeys and of the parts of their maps."""

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts.models import Workspace
from journeys.models import (
    Card,
    Journey,
    Lane,
    Part,
    Persona,
    Stage,
    Step,
    StepTouchpoint,
)
from touchpoints.models import Segment, Touchpoint


class NewJourneyForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=160)
    goal = forms.CharField(
        label=_("The customer's goal"),
        max_length=300,
        required=False,
        help_text=_("In the customer's words: “I can pay with my new account.”"),
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=Journey.Kind.choices, initial=Journey.Kind.AS_IS
    )
    starter = forms.ChoiceField(
        label=_("Start with"),
        choices=[
            ("bank", _("the seven stages of a bank's customer, from the first need to upgrading")),
            ("blank", _("an empty map")),
        ],
        initial="bank",
        widget=forms.RadioSelect,
    )


class MapFileForm(forms.Form):
    file = forms.FileField(label=_("Map file (JSON)"))


class JourneyForm(forms.ModelForm):
    class Meta:
        model = Journey
        fields = ["name", "kind", "goal", "description", "goal_touchpoints"]
        widgets = {
            "description": forms.Textarea(attrs={"rows": 4}),
            "goal_touchpoints": forms.CheckboxSelectMultiple,
        }
        help_texts = {
            "goal_touchpoints": _(
                "Who passes one of these has reached the goal. Without any, nobody can be said "
                "to have been lost on the way."
            ),
        }

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["goal_touchpoints"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        on_map = Touchpoint.objects.filter(steptouchpoint__step__journey=self.instance)
        chosen = Touchpoint.objects.filter(goal_of=self.instance)
        ids = {t.pk for t in on_map} | {t.pk for t in chosen}
        field.queryset = Touchpoint.objects.filter(workspace=workspace, pk__in=ids)


class PartForm(forms.ModelForm):
    """A form for one part of a map; its choices are those of the part's own journey."""

    CHOICES: dict[str, type[Part]] = {
        "stage": Stage,
        "lane": Lane,
        "step": Step,
        "persona": Persona,
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        journey = self.instance.journey
        for name, field in self.fields.items():
            if isinstance(field, forms.ModelChoiceField) and name in self.CHOICES:
                field.queryset = self.CHOICES[name]._default_manager.filter(journey=journey)
                if field.required:
                    field.empty_label = None
            elif isinstance(field, forms.ModelChoiceField) and name == "segment":
                field.queryset = Segment.objects.filter(workspace=journey.workspace)
                field.empty_label = str(_("no particular segment"))


class StageForm(PartForm):
    class Meta:
        model = Stage
        fields = ["name"]


class StepForm(PartForm):
    touchpoints = forms.ModelMultipleChoiceField(
        Touchpoint.objects.none(),
        label=_("Touchpoints in this step"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    new_touchpoint = forms.CharField(
        label=_("A new touchpoint"),
        max_length=160,
        required=False,
        help_text=_("Its name; it goes into the library and into this step."),
    )

    class Meta:
        model = Step
        fields = ["name", "stage"]

    def __init__(self, *args: Any, may_edit_library: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["touchpoints"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        uses = StepTouchpoint.objects.filter(step=self.instance.pk, touchpoint=OuterRef("pk"))
        field.queryset = (
            Touchpoint.objects.filter(workspace=self.instance.journey.workspace)
            .annotate(chosen=Exists(uses))
            .order_by("-chosen", "name")
        )
        if self.instance.pk:
            self.initial["touchpoints"] = list(
                self.instance.steptouchpoint_set.values_list("touchpoint_id", flat=True)
            )
        if not field.queryset.exists():
            del self.fields["touchpoints"]
        if not may_edit_library:
            del self.fields["new_touchpoint"]


class LaneForm(PartForm):
    class Meta:
        model = Lane
        fields = ["name", "kind"]


class PersonaForm(PartForm):
    class Meta:
        model = Persona
        fields = ["name", "segment", "description"]
        widgets = {"description": forms.Textarea(attrs={"rows": 4})}


EMOTIONS = [
    ("", _("not said")),
    ("2", _("+2 very good")),
    ("1", _("+1 good")),
    ("0", _("0 neither")),
    ("-1", _("−1 bad")),
    ("-2", _("−2 very bad")),
]


class CardForm(PartForm):
    emotion = forms.TypedChoiceField(
        label=_("How it feels"), choices=EMOTIONS, coerce=int, empty_value=None, required=False
    )

    class Meta:
        model = Card
        fields = ["text", "emotion", "persona", "basis", "lane", "step"]
        labels = {"basis": _("How do we know?"), "persona": _("Whose is it?")}
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        persona = self.fields["persona"]
        assert isinstance(persona, forms.ModelChoiceField)
        persona.empty_label = str(_("all customers"))
        if not self.instance.pk:
            self.initial.setdefault("basis", Card.Basis.ASSUMPTION)
        lane = self.initial.get("lane")
        if lane is not None and Lane.objects.filter(pk=lane, kind=Lane.Kind.EMOTION).exists():
            self.order_fields(["emotion", "text"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not (cleaned.get("text") or "").strip() and cleaned.get("emotion") is None:
            self.add_error("text", _("Write something, or say how it feels."))
        return cleaned


PART_FORMS: dict[str, type[PartForm]] = {
    "stage": StageForm,
    "step": StepForm,
    "lane": LaneForm,
    "persona": PersonaForm,
    "card": CardForm,
}
