"""One workspace with one of everything, for tests that try every address of it."""

from functools import cached_property

from django.utils import timezone

from accounts.access import Role
from accounts.models import Membership, SettingsChange, User, Workspace
from accounts.notices import Notification
from accounts.tokens import create_token
from evidence.models import Import, Mapping, MappingVersion, Metric, Removal, Upload
from evidence.scope import Scope
from evidence.webhooks import create_webhook
from jobs.models import Job
from journeys.comments import add_comment
from journeys.models import Journey
from journeys.pictures import add_picture
from journeys.sharing import make_link
from journeys.template_actions import make_template
from journeys.versions import name_version
from painpoints.alert_models import Alert, AlertRule
from painpoints.models import Action, PainPoint, PainPointChange, ScoringRun
from painpoints.parameters import parameters_of
from painpoints.view_models import SavedView
from reports.report_models import Export, Report, ReportChange
from reports.schedule_models import Schedule
from tests.factories import (
    CardFactory,
    ChannelFactory,
    JourneyFactory,
    MembershipFactory,
    TouchpointFactory,
    UserFactory,
    WorkspaceFactory,
)
from tests.journeys.pictures import a_picture


class World:
    """One workspace with one of everything, and people in every relation to it."""

    def __init__(self) -> None:
        self.workspace: Workspace = WorkspaceFactory(slug="walled")
        self.people: dict[str, User] = {
            role: MembershipFactory(workspace=self.workspace, role=role).user
            for role in Role.values
        }
        self.stranger: User = MembershipFactory(role=Role.ADMIN).user
        self.nobody: User = UserFactory()
        self.fill()

    def fill(self) -> None:
        ws = self.workspace
        self.journey: Journey = JourneyFactory(workspace=ws, slug="the-journey")
        self.card = CardFactory(journey=self.journey)
        self.template = make_template(journey=self.journey)
        self.version = name_version(journey=self.journey, user=None, name="Draft")
        self.comment = add_comment(
            journey=self.journey, user=self.people[Role.ADMIN], text="Why?", about="cards",
            part=self.card.key,
        )  # fmt: skip
        self.link = make_link(journey=self.journey, user=None, name="Board")[0]
        self.picture = add_picture(workspace=ws, raw=a_picture())
        self.channel = ChannelFactory(workspace=ws)
        self.touchpoint = TouchpointFactory(
            workspace=ws, code="the-touchpoint", channel=self.channel
        )
        self.imported = Import.objects.create(workspace=ws, source="a.csv", kind="waits")
        self.removal = Removal.objects.create(
            workspace=ws, reason="erasure", asked_at=timezone.now(), done_at=timezone.now()
        )
        self.metric = Metric.objects.create(
            workspace=ws, code="ease", name="Ease", low=0, high=10, pain_at_most=3
        )
        self.upload = Upload.objects.create(
            workspace=ws, user=self.people[Role.ADMIN], name="a.csv", size=9
        )
        self.mapping = Mapping.objects.create(workspace=ws, name="Queue report", document={})
        MappingVersion.objects.create(mapping=self.mapping, number=1, document={})
        self.webhook = create_webhook(
            workspace=ws, user=self.people[Role.ADMIN], name="Survey", mapping=self.mapping
        )[0]
        self.job = Job.objects.create(workspace=ws, kind="score")
        self.run = ScoringRun.objects.create(
            workspace=ws, journey=self.journey, formula="pain/1", scope=Scope().to_json(),
            is_whole=True, parameters=parameters_of(self.journey), key="0" * 64,
            evidence_revision=0,
        )  # fmt: skip
        self.painpoint = PainPoint.objects.create(
            workspace=ws, journey=self.journey, touchpoint=self.touchpoint,
            origin="person", title="It hurts",
        )  # fmt: skip
        self.action = Action.objects.create(painpoint=self.painpoint, text="Mend it")
        self.point_change = PainPointChange.objects.create(
            painpoint=self.painpoint, before={"effort_days": None}, after={"effort_days": 5}
        )
        scale = {"low": "0", "high": "10", "pain_at_most": "3", "pain_at_least": None}
        self.settings_change, self.promises_change, self.metric_change = (
            SettingsChange.objects.create(
                workspace=ws, kind=kind, subject_id=self.touchpoint.pk, via="page",
                before=before, after=after,
            )
            for kind, before, after in (
                ("scoring", {"weight_felt": 1.0}, {"weight_felt": 0.5}),
                ("promises", [], [{"max_wait_s": 60}]),
                ("metrics", {}, scale),
            )
        )  # fmt: skip
        self.alert = Alert.objects.create(
            rule=AlertRule.objects.create(journey=self.journey), touchpoint=self.touchpoint,
            direction="worse", week="2026-01-05", window=4,
            finding={"families": [], "severity_before": 0, "severity_now": 1, "difference": 1,
                     "difference_low": 1, "difference_high": 1, "certainty": 1, "n_before": 30,
                     "n_now": 30},
        )  # fmt: skip
        self.notification = Notification.objects.create(
            workspace=ws, user=self.people[Role.ADMIN], key="k", title="Told", text="It", url="/"
        )
        self.report = Report.objects.create(
            workspace=ws, name="Review", journey=self.journey, blocks=[{"id": "b1", "kind": "text"}]
        )
        self.report_change = ReportChange.objects.create(
            report=self.report, what="remove", before={"blocks": self.report.blocks},
            after={"blocks": []},
        )  # fmt: skip
        self.schedule = Schedule.objects.create(
            report=self.report, every="day", timezone="UTC", next_at="2030-01-01T07:00Z",
            reader=self.people[Role.ADMIN],
        )  # fmt: skip
        self.export = Export.objects.create(workspace=ws, report=self.report, format="pdf")
        self.saved_view = SavedView.objects.create(
            workspace=ws, user=self.people[Role.ADMIN], page="painpoints", name="Mine",
            is_shared=True,
        )  # fmt: skip
        self.deleted_view = SavedView.objects.create(
            workspace=ws, user=self.people[Role.ADMIN], page="painpoints", name="Gone",
            is_shared=True, deleted_at=timezone.now(),
        )  # fmt: skip
        self.token = create_token(workspace=ws, user=self.people[Role.ADMIN], name="t")[0]

    @cached_property
    def values(self) -> dict[str, object]:
        """What a parameter stands for, by the longest part of the route that names it."""
        member = Membership.objects.get(workspace=self.workspace, user=self.people[Role.VIEWER])
        return {
            "<slug:slug>": self.workspace.slug,
            "<slug:journey>": self.journey.slug,
            "<part_kind:kind>": "card",
            "<word_kind:kind>": "channel",
            "<str:token>": "no-token",
            "evidence/<str:kind>": "evidence/waits",
            "<picture_id:sha256>": self.picture.sha256,
            "<map_format:form>": "svg",
            "<example_form:form>": "xlsx",
            "<slug:figure>": "ranking",
            "examples/<slug:kind>": "examples/waits",
            "<str:figure>": "ranking",
            "know/<slug:figure>": "know/nps",
            "opened/<slug:kind>": "opened/cell",
            "members/<int:pk>": f"members/{member.pk}",
            "tokens/<int:pk>": f"tokens/{self.token.pk}",
            "notifications/<int:pk>": f"notifications/{self.notification.pk}",
            "jobs/<uuid:pk>": f"jobs/{self.job.pk}",
            "edit/undo/<int:number>": "edit/undo/0",
            "history/<int:number>": "history/0",
            "history/versions/<int:pk>": f"history/versions/{self.version.pk}",
            "comments/<int:pk>": f"comments/{self.comment.pk}",
            "edit/views/<int:pk>": "edit/views/0",
            "/views/<int:pk>": f"/views/{self.saved_view.pk}",
            "/views/<int:pk>/restore": f"/views/{self.deleted_view.pk}/restore",
            "edit/share/<int:pk>": f"edit/share/{self.link.pk}",
            "<part_kind:kind>/<int:pk>": f"card/{self.card.pk}",
            "deleted/<int:pk>": "deleted/0",
            "add/template/<int:pk>": f"add/template/{self.template.pk}",
            "<word_kind:kind>/<int:pk>": f"channel/{self.channel.pk}",
            "painpoints/<int:pk>": f"painpoints/{self.painpoint.pk}",
            "<int:action>": self.action.pk,
            "actions/<number>": f"actions/{self.action.pk}",
            "reports/<int:pk>": f"reports/{self.report.pk}",
            "blocks/<slug:block>": "blocks/b1",
            "schedules/<int:schedule>": f"schedules/{self.schedule.pk}",
            "undo/<int:change>": f"undo/{self.report_change.pk}",
            "exports/<uuid:export>": f"exports/{self.export.pk}",
            "api/v1/reports/<pk>": f"api/v1/reports/{self.report.pk}",
            "api/v1/exports/<pk>": f"api/v1/exports/{self.export.pk}",
            "api/v1/schedules/<pk>": f"api/v1/schedules/{self.schedule.pk}",
            "api/v1/saved-views/<pk>": f"api/v1/saved-views/{self.saved_view.pk}",
            "<str:form>": "csv",
            "journeys/<slug:slug>": f"journeys/{self.journey.slug}",
            "<slug:name>": "ranking",
            "<int:change>": self.point_change.pk,
            "runs/<int:pk>": f"runs/{self.run.pk}",
            "settings/history/<int:pk>": f"settings/history/{self.settings_change.pk}",
            "touchpoints/history/<int:pk>": f"touchpoints/history/{self.promises_change.pk}",
            "touchpoints/<int:pk>": f"touchpoints/{self.touchpoint.pk}",
            "metrics/history/<int:pk>": f"metrics/history/{self.metric_change.pk}",
            "metrics/<int:pk>": f"metrics/{self.metric.pk}",
            "mappings/<int:pk>/<int:number>": f"mappings/{self.mapping.pk}/1",
            "mappings/<int:pk>": f"mappings/{self.mapping.pk}",
            "uploads/<uuid:upload>": f"uploads/{self.upload.pk}",
            "evidence/<int:pk>": f"evidence/{self.imported.pk}",
            "arriving/<arriving_kind:kind>/<int:pk>/<arriving_deed:deed>": (
                f"arriving/webhooks/{self.webhook.pk}/pause"
            ),
            "proofs/<int:pk>": f"proofs/{self.removal.pk}",
            "rows/<row_format:format>": "rows/csv",
            "customers/<uuid:customer>": "customers/0f0e0d0c-0b0a-0908-0706-050403020100",
            "rows/<int:pk>/<int:row_no>": f"rows/{self.imported.pk}/1",
            "evidence/imports/<int:pk>": f"evidence/imports/{self.imported.pk}",
            "api/v1/touchpoints/<code>": f"api/v1/touchpoints/{self.touchpoint.code}",
            "api/v1/channels/<code>": f"api/v1/channels/{self.channel.code}",
            "api/v1/segments/<code>": "api/v1/segments/none",
            "api/v1/units/<code>": "api/v1/units/none",
            "api/v1/journeys/<slug>": f"api/v1/journeys/{self.journey.slug}",
            "api/v1/imports/<pk>": f"api/v1/imports/{self.imported.pk}",
            "know/<figure>": "know/nps",
            "api/v1/scoring-runs/<pk>": f"api/v1/scoring-runs/{self.run.pk}",
            "api/v1/painpoints/<pk>": f"api/v1/painpoints/{self.painpoint.pk}",
            "api/v1/alerts/<pk>": f"api/v1/alerts/{self.alert.pk}",
            "api/v1/jobs/<pk>": f"api/v1/jobs/{self.job.pk}",
        }

    def path(self, route: str) -> str:
        for mark in sorted(self.values, key=len, reverse=True):
            route = route.replace(mark, str(self.values[mark]))
        assert "<" not in route, f"Tell World what stands in {route}"
        return "/" + route
