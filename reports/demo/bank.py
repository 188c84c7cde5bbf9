"""Founds the demo bank: its workspace, people, channels, segments and branches."""

from dataclasses import dataclass
from itertools import cycle

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction

from accounts import demo_login
from accounts.access import Role
from accounts.models import Membership, User, Workspace
from reports.demo.mappings import ZONE
from reports.demo.process import BRANCHES, REGIONS, SEGMENTS
from reports.home import DEMO_VISITOR, DEMO_WORKSPACE
from touchpoints.models import Channel, Segment, Unit

NAME = "Harbour Bank (demo)"
CHANNELS = {
    "branch": "Branch",
    "phone": "Phone",
    "web": "Web",
    "app": "App",
    "wechat": "WeChat",
    "chatbot": "Chatbot",
    "post": "Post and courier",
    "visit": "Home visit",
}
SEGMENT_NAMES = dict(zip(SEGMENTS, ("High net worth", "Affluent", "Mass"), strict=True))


@dataclass(frozen=True)
class Person:
    email: str
    name: str
    role: Role


ADMIN = Person(demo_login.EMAIL, "Demo admin", Role.ADMIN)
# Owners of pain points and actions; nobody signs in as them.
STAFF = (
    Person("ines.marsh@harbourbank.example", "Ines Marsh", Role.DESIGNER),
    Person("wei.zhang@harbourbank.example", "Zhang Wei", Role.ANALYST),
    Person("farah.aziz@harbourbank.example", "Farah Aziz", Role.MANAGER),
    Person("tom.okafor@harbourbank.example", "Tom Okafor", Role.MANAGER),
    Person("liu.hua@harbourbank.example", "Liu Hua", Role.MANAGER),
    Person(DEMO_VISITOR, "Visitor", Role.VIEWER),
)


@transaction.atomic
def found_bank() -> Workspace:
    """The demo workspace, made where there is none; one that is there is left as it is."""
    workspace = Workspace.objects.filter(slug=DEMO_WORKSPACE).first()
    if workspace is not None:
        return workspace
    workspace = Workspace.objects.create(slug=DEMO_WORKSPACE, name=NAME, timezone=ZONE)
    _join(workspace, ADMIN, demo_login.demo_password(settings.TOUCHLINE_HOME))
    for person in STAFF:
        _join(workspace, person, None)
    _describe(workspace)
    return workspace


def _join(workspace: Workspace, person: Person, password: str | None) -> None:
    user = User.objects.filter(email=person.email).first()
    if user is None:
        user = User.objects.create_user(person.email, password, name=person.name)
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    Membership.objects.create(workspace=workspace, user=user, role=person.role)


def _describe(workspace: Workspace) -> None:
    """The words the bank's evidence speaks in."""
    Channel.objects.bulk_create(
        Channel(
            workspace=workspace, code=code, name=name, position=position,
            kind=code if code in Channel.Kind.values else Channel.Kind.OTHER,
        )
        for position, (code, name) in enumerate(CHANNELS.items())
    )  # fmt: skip
    Segment.objects.bulk_create(
        Segment(workspace=workspace, code=code, name=name, position=position)
        for position, (code, name) in enumerate(SEGMENT_NAMES.items())
    )
    regions = Unit.objects.bulk_create(
        Unit(workspace=workspace, code=code, name=name, position=position)
        for position, (code, name) in enumerate(REGIONS)
    )
    parents = {region.code: region for region in regions}
    managers = list(
        User.objects.filter(
            memberships__workspace=workspace, memberships__role=Role.MANAGER
        ).order_by("email")
    )
    owners = dict(zip(parents, cycle(managers), strict=False))
    Unit.objects.bulk_create(
        Unit(
            workspace=workspace, code=branch.code, name=branch.name, position=position,
            parent=parents[branch.region], owner=owners.get(branch.region),
        )
        for position, branch in enumerate(BRANCHES, len(regions))
    )  # fmt: skip
