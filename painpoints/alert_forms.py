"""The form of a journey's alerts: the rule, and who is told."""

from typing import Any

from django import forms

from accounts.models import Membership, Workspace
from painpoints.alert_models import AlertRule


class AlertRuleForm(forms.ModelForm):
    """Beside the rule's fields: `people`, who is told in the app, and `by_email`, who by e-mail."""

    class Meta:
        model = AlertRule
        fields = ["is_on", "window", "least", "better"]

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = list(
            Membership.objects.filter(workspace=workspace).select_related("user").order_by(
                "user__name", "user__email"
            )
        )  # fmt: skip
        choices = [(member.user_id, str(member.user)) for member in self.members]
        for name in ("people", "by_email"):
            self.fields[name] = forms.TypedMultipleChoiceField(
                choices=choices, coerce=int, required=False
            )

    def rule_values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    def readers(self) -> dict[int, bool]:
        """User's id → whether by e-mail too; who wants the e-mail is told in the app as well."""
        by_email = set(self.cleaned_data["by_email"])
        return {pk: pk in by_email for pk in {*self.cleaned_data["people"], *by_email}}
