"""A journey's map as plain values, in the order of the map: what the figures are drawn from."""

from dataclasses import dataclass, field, replace

from accounts.held import Held
from journeys.models import COLOURS, Card, Journey, Lane, Persona, Stage, Step, StepTouchpoint
from reports.watched import BOARD

# Cards that rest on something seen or heard are written in ink, all others in pencil.
INK = {Card.Basis.INTERVIEW, Card.Basis.OBSERVATION, Card.Basis.SURVEY, Card.Basis.LOG}


@dataclass(frozen=True)
class BoardCard:
    text: str
    basis: str = ""
    basis_label: str = ""
    persona: str = ""
    emotion: int | None = None

    @property
    def is_ink(self) -> bool:
        return self.basis in INK


@dataclass(frozen=True)
class BoardTouchpoint:
    code: str
    name: str
    channel: str = ""


@dataclass(frozen=True)
class BoardStep:
    """One column; `cards` by the key of their lane."""

    key: str
    name: str
    touchpoints: tuple[BoardTouchpoint, ...] = ()
    cards: dict[str, list[BoardCard]] = field(default_factory=dict)
    opens: str = ""  # the address of the journey that this step is
    opens_name: str = ""

    def seen_by(self, persona: str) -> "BoardStep":
        own = {
            lane: [card for card in cards if card.persona in ("", persona)]
            for lane, cards in self.cards.items()
        }
        return replace(self, cards=own)


@dataclass(frozen=True)
class BoardStage:
    key: str
    name: str
    steps: tuple[BoardStep, ...] = ()


@dataclass(frozen=True)
class BoardLane:
    key: str
    kind: str
    name: str


@dataclass(frozen=True)
class BoardPersona:
    key: str
    name: str
    colour: int = 0  # of the palette's categories; 0: none


@dataclass(frozen=True)
class Board:
    name: str
    stages: tuple[BoardStage, ...] = ()
    lanes: tuple[BoardLane, ...] = ()
    personas: tuple[BoardPersona, ...] = ()

    @property
    def steps(self) -> list[BoardStep]:
        return [step for stage in self.stages for step in stage.steps]

    @property
    def touchpoints(self) -> list[BoardTouchpoint]:
        """Each once, in the order of the map."""
        return list({t.code: t for step in self.steps for t in step.touchpoints}.values())

    def seen_by(self, persona: str) -> "Board":
        """Only what concerns this persona: its own cards and those of everybody."""
        stages = tuple(
            replace(stage, steps=tuple(step.seen_by(persona) for step in stage.steps))
            for stage in self.stages
        )
        personas = tuple(each for each in self.personas if each.key == persona)
        return replace(self, stages=stages, personas=personas)

    def emotion_of(self, step: BoardStep, persona: str) -> BoardCard | None:
        """What the team believes this persona (or everybody: "") feels at this step."""
        for cards in step.cards.values():
            for card in cards:
                if card.emotion is not None and card.persona == persona:
                    return card
        return None


_kept: Held[Board] = Held(BOARD)


def kept_board(journey: Journey) -> Board:
    """The same as `board_of`, for reading only: remembered while nothing of it changes."""
    values = {"workspace": journey.workspace_id, "journey": journey.pk}
    return _kept.get(values, lambda: board_of(journey))


def board_of(journey: Journey) -> Board:
    """Reads the map, without hidden lanes, in seven queries."""
    cards: dict[int, dict[str, list[BoardCard]]] = {}
    lanes = list(Lane.objects.filter(journey=journey, hidden=False))
    lane_keys = {lane.pk: lane.key for lane in lanes}
    personas = list(Persona.objects.filter(journey=journey))
    persona_keys = {persona.pk: persona.key for persona in personas}
    for card in Card.objects.filter(journey=journey, lane__hidden=False):
        cell = cards.setdefault(card.step_id, {}).setdefault(lane_keys[card.lane_id], [])
        cell.append(
            BoardCard(
                text=card.text,
                basis=card.basis,
                basis_label=card.get_basis_display(),
                persona=persona_keys.get(card.persona_id or 0, ""),
                emotion=card.emotion,
            )
        )
    steps: dict[int, list[BoardStep]] = {}
    touchpoints = _touchpoints_of(journey)
    own_steps = list(Step.objects.filter(journey=journey))
    opened = _opened_by(journey, own_steps)
    for step in own_steps:
        there = opened.get(step.opens)
        steps.setdefault(step.stage_id, []).append(
            BoardStep(
                step.key,
                step.name,
                touchpoints.get(step.pk, ()),
                cards.get(step.pk, {}),
                opens=there.get_absolute_url() if there else "",
                opens_name=there.name if there else "",
            )
        )
    return Board(
        name=journey.name,
        stages=tuple(
            BoardStage(stage.key, stage.name, tuple(steps.get(stage.pk, ())))
            for stage in Stage.objects.filter(journey=journey)
        ),
        lanes=tuple(BoardLane(lane.key, lane.kind, lane.name) for lane in lanes),
        personas=tuple(
            BoardPersona(persona.key, persona.name, persona.colour or i % COLOURS + 1)
            for i, persona in enumerate(personas)
        ),
    )


def _opened_by(journey: Journey, steps: list[Step]) -> dict[str, Journey]:
    """Slug → the journey; a step may name one that is not there."""
    slugs = {step.opens for step in steps if step.opens}
    if not slugs:
        return {}
    there = Journey.objects.filter(workspace=journey.workspace, slug__in=slugs)
    return {each.slug: each for each in there.select_related("workspace")}


def _touchpoints_of(journey: Journey) -> dict[int, tuple[BoardTouchpoint, ...]]:
    """Step → its touchpoints."""
    found: dict[int, tuple[BoardTouchpoint, ...]] = {}
    links = StepTouchpoint.objects.filter(step__journey=journey)
    for link in links.select_related("touchpoint__channel"):
        place = link.touchpoint
        channel = place.channel.name if place.channel else ""
        known = found.get(link.step_id, ())
        found[link.step_id] = (*known, BoardTouchpoint(place.code, place.name, channel))
    return found
