"""Forms of what brings evidence in by itself."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Workspace
from evidence.errors import EvidenceError
from evidence.models import Mapping, Pull, Webhook
from evidence.pull_folder import check_pattern


class OfMapping(forms.ModelForm):
    """Offers the workspace's saved mappings."""

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["mapping"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Mapping.objects.filter(workspace=workspace)
        field.required = True


class WebhookForm(OfMapping):
    class Meta:
        model = Webhook
        fields = ["name", "mapping"]
        help_texts = {"name": _("Imports are named so, one a day.")}


class PullForm(OfMapping):
    class Meta:
        model = Pull
        fields = ["pattern", "mapping", "every_minutes"]
        help_texts = {"pattern": _("For example queues/waits-*.csv, in this workspace's folder.")}

    def clean_pattern(self) -> str:
        try:
            return check_pattern(self.cleaned_data["pattern"])
        except EvidenceError as error:
            raise forms.ValidationError(str(error)) from None
