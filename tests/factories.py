"""One factory a model, small and valid by default."""

import factory
from factory.django import DjangoModelFactory

from accounts.access import Role
from accounts.models import Membership, User, Workspace
from evidence.models import Metric
from journeys.models import Card, Journey, Lane, Persona, Stage, Step
from touchpoints.models import Channel, EvidenceCode, Promise, Segment, Touchpoint, Unit


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    password = factory.django.Password("correct horse battery")


class WorkspaceFactory(DjangoModelFactory[Workspace]):
    class Meta:
        model = Workspace

    slug = factory.Sequence(lambda n: f"bank-{n}")
    name = factory.Sequence(lambda n: f"Bank {n}")


class MembershipFactory(DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    workspace = factory.SubFactory(WorkspaceFactory)
    user = factory.SubFactory(UserFactory)
    role = Role.ADMIN


class _NamedFactory(DjangoModelFactory):
    class Meta:
        abstract = True

    workspace = factory.SubFactory(WorkspaceFactory)
    code = factory.Sequence(lambda n: f"code-{n}")
    name = factory.LazyAttribute(lambda o: o.code.replace("-", " ").title())


class ChannelFactory(_NamedFactory):
    class Meta:
        model = Channel


class SegmentFactory(_NamedFactory):
    class Meta:
        model = Segment


class UnitFactory(_NamedFactory):
    class Meta:
        model = Unit


class TouchpointFactory(_NamedFactory):
    class Meta:
        model = Touchpoint


class PromiseFactory(DjangoModelFactory[Promise]):
    class Meta:
        model = Promise

    touchpoint = factory.SubFactory(TouchpointFactory)
    max_wait_s = 60


class EvidenceCodeFactory(DjangoModelFactory[EvidenceCode]):
    class Meta:
        model = EvidenceCode

    workspace = factory.SelfAttribute("touchpoint.workspace")
    touchpoint = factory.SubFactory(TouchpointFactory)
    code = factory.Sequence(lambda n: f"raw-{n}")


class MetricFactory(DjangoModelFactory[Metric]):
    class Meta:
        model = Metric

    workspace = factory.SubFactory(WorkspaceFactory)
    code = factory.Sequence(lambda n: f"metric-{n}")
    name = factory.LazyAttribute(lambda o: o.code.title())
    low = 1
    high = 5
    # A scale has one threshold: at most 2 is painful, unless told that much is bad.
    pain_at_most = factory.LazyAttribute(lambda o: None if o.pain_at_least else 2)
    pain_at_least = None


class JourneyFactory(DjangoModelFactory[Journey]):
    class Meta:
        model = Journey

    workspace = factory.SubFactory(WorkspaceFactory)
    slug = factory.Sequence(lambda n: f"journey-{n}")
    name = factory.Sequence(lambda n: f"Journey {n}")


class _PartFactory(DjangoModelFactory):
    class Meta:
        abstract = True

    journey = factory.SubFactory(JourneyFactory)
    key = factory.Sequence(lambda n: f"k{n}")
    position = factory.Sequence(lambda n: n)


class StageFactory(_PartFactory):
    class Meta:
        model = Stage

    name = factory.Sequence(lambda n: f"Stage {n}")


class StepFactory(_PartFactory):
    class Meta:
        model = Step

    stage = factory.SubFactory(StageFactory, journey=factory.SelfAttribute("..journey"))
    name = factory.Sequence(lambda n: f"Step {n}")


class LaneFactory(_PartFactory):
    class Meta:
        model = Lane

    kind = Lane.Kind.ACTION
    name = factory.Sequence(lambda n: f"Lane {n}")


class PersonaFactory(_PartFactory):
    class Meta:
        model = Persona

    name = factory.Sequence(lambda n: f"Persona {n}")


class CardFactory(_PartFactory):
    class Meta:
        model = Card

    lane = factory.SubFactory(LaneFactory, journey=factory.SelfAttribute("..journey"))
    step = factory.SubFactory(StepFactory, journey=factory.SelfAttribute("..journey"))
    text = factory.Sequence(lambda n: f"Card {n}")
