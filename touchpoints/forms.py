"""Forms of the library."""

from typing import Any

from django import forms
from django.forms import BaseInlineFormSet, inlineformset_factory
from django.utils.translation import gettext_lazy as _

from accounts.models import User, Workspace
from touchpoints.models import CODE_LENGTH, Channel, Named, Promise, Segment, Touchpoint, Unit


def clean_code_text(code: str) -> str:
    code = code.strip()
    if not code.isprintable():
        raise forms.ValidationError(_("A code is one line of visible characters."))
    return code


class InLibrary(forms.ModelForm):
    """A form for an entry of one workspace's library: its code is free, its choices are its own."""

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workspace = workspace
        self.instance.workspace = workspace
        for name, model in (("channel", Channel), ("segment", Segment), ("parent", Unit)):
            field = self.fields.get(name)
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = model._default_manager.filter(workspace=workspace)
        owner = self.fields.get("owner")
        if isinstance(owner, forms.ModelChoiceField):
            members = User.objects.filter(memberships__workspace=workspace)
            owner.queryset = members.order_by("email")
            owner.empty_label = _("Nobody yet")

    def clean_code(self) -> str:
        code = clean_code_text(self.cleaned_data["code"])
        others = type(self.instance)._default_manager.filter(workspace=self.workspace, code=code)
        other = others.exclude(pk=self.instance.pk).first()
        if other is not None:
            raise forms.ValidationError(
                _("The code “%(code)s” belongs to “%(name)s” already."),
                params={"code": code, "name": other},
            )
        return code


class TouchpointForm(InLibrary):
    codes = forms.CharField(
        label=_("Further codes in the evidence"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "code", "spellcheck": "false"}),
        help_text=_("One a line: other names under which files and logs speak of this touchpoint."),
    )

    class Meta:
        model = Touchpoint
        fields = [
            "name",
            "code",
            "channel",
            "description",
            "codes",
            "forms",
            "fields",
            "signatures",
            "documents",
            "handoffs",
        ]
        help_texts = {
            "code": _("What evidence calls it. A code you replace stays as a further code."),
        }
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("forms", "fields", "signatures", "documents", "handoffs"):
            field = self.fields[name]
            assert isinstance(field, forms.IntegerField)
            field.required = False
            field.max_value = 1000
            field.widget.attrs.update({"min": 0, "max": 1000, "inputmode": "numeric"})
        if self.instance.pk:
            self.initial["codes"] = "\n".join(
                self.instance.evidence_codes.values_list("code", flat=True)
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ("forms", "fields", "signatures", "documents", "handoffs"):
            count = cleaned.get(name)
            cleaned[name] = count or 0
            if count is not None and count > 1000:
                self.add_error(name, _("At most 1000."))
        return cleaned

    def clean_codes(self) -> list[str]:
        codes = [line.strip() for line in self.cleaned_data["codes"].splitlines()]
        codes = list(dict.fromkeys(code for code in codes if code))
        # A code that came from a file may have spaces at its ends; a line here shows it without.
        known = set(self.initial.get("codes", "").splitlines())
        codes = [next((k for k in known if k.strip() == code), code) for code in codes]
        for code in codes:
            clean_code_text(code)
            if len(code) > CODE_LENGTH:
                raise forms.ValidationError(
                    _("A code has at most %(limit)d characters: %(code)s…"),
                    params={"limit": CODE_LENGTH, "code": code[:30]},
                )
        return codes

    @property
    def what(self) -> list[forms.BoundField]:
        return [self[name] for name in ("name", "code", "channel", "description", "codes")]

    @property
    def inventory(self) -> list[forms.BoundField]:
        return [self[n] for n in ("forms", "fields", "signatures", "documents", "handoffs")]


class PromiseForm(forms.ModelForm):
    target_percent = forms.DecimalField(
        label=_("For this share (%)"),
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        required=False,
    )

    class Meta:
        model = Promise
        fields = ["max_wait_s", "segment", "channel"]

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, model, everyone in (
            ("segment", Segment, _("every segment")),
            ("channel", Channel, _("every channel")),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = model._default_manager.filter(workspace=workspace)
            field.empty_label = str(everyone)
        self.fields["max_wait_s"].widget.attrs.update({"min": 0, "step": "any"})
        if self.instance.target_share is not None:
            self.initial["target_percent"] = (self.instance.target_share * 100).normalize()

    def clean_target_percent(self) -> Any:
        percent = self.cleaned_data["target_percent"]
        if percent is not None and percent <= 0:
            raise forms.ValidationError(_("A share above 0, or nothing at all."))
        return percent

    def save(self, commit: bool = True) -> Promise:
        percent = self.cleaned_data["target_percent"]
        self.instance.target_share = None if percent is None else percent / 100
        saved: Promise = super().save(commit)
        return saved


class PromiseFormSet(BaseInlineFormSet):
    def clean(self) -> None:
        """At most one promise for each segment and channel."""
        super().clean()
        seen = set()
        for form in self.forms:
            cleaned = getattr(form, "cleaned_data", None) or {}
            if "max_wait_s" not in cleaned or cleaned.get("DELETE"):
                continue
            pair = (cleaned.get("segment"), cleaned.get("channel"))
            if pair in seen:
                form.add_error(None, _("There is a promise for this segment and channel already."))
            seen.add(pair)


Promises = inlineformset_factory(
    Touchpoint, Promise, form=PromiseForm, formset=PromiseFormSet, extra=1,
    can_delete=True, can_delete_extra=False,
    max_num=100,
)  # fmt: skip


class ChannelForm(InLibrary):
    class Meta:
        model = Channel
        fields = ["name", "code", "kind"]


class SegmentForm(InLibrary):
    class Meta:
        model = Segment
        fields = ["name", "code"]


class UnitForm(InLibrary):
    class Meta:
        model = Unit
        fields = ["name", "code", "parent", "owner"]
        help_texts = {"owner": _("Whom to ask when the unit's figures stand out.")}

    def clean_parent(self) -> Unit | None:
        parent: Unit | None = self.cleaned_data["parent"]
        above = parent
        while above is not None:
            if above == self.instance:
                raise forms.ValidationError(_("A unit cannot belong to itself or to its own part."))
            above = above.parent
        return parent


WORD_FORMS: dict[type[Named], type[InLibrary]] = {
    Channel: ChannelForm,
    Segment: SegmentForm,
    Unit: UnitForm,
}


class MapCodeForm(forms.Form):
    code = forms.CharField(max_length=CODE_LENGTH, strip=False, widget=forms.HiddenInput)
    touchpoint = forms.ModelChoiceField(
        Touchpoint.objects.none(),
        label=_("Means the touchpoint"),
        required=False,
        empty_label=_("a new touchpoint"),
    )
    name = forms.CharField(label=_("Name of the new one"), max_length=160, required=False)

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["touchpoint"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Touchpoint.objects.filter(workspace=workspace)
