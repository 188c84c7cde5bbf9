"""A map on which everything that outsiders must not see is called by a word of its own."""

from typing import Any

from django.test import Client

from accounts.models import User, Workspace
from evidence.models import Import
from journeys import sharing
from journeys.comments import add_comment
from journeys.mapfile import load_map
from journeys.models import Journey, ShareLink
from journeys.pictures import add_picture
from tests.factories import JourneyFactory, PersonaFactory, UserFactory
from tests.journeys.documents import example
from tests.journeys.pictures import a_picture

# None of these words may leave the workspace, whatever a link shows.
NEVER = (
    "MAKER", "OWNER", "CARDOWNER", "LINKED", "NOTE", "OTHER", "COMMENT", "DESCRIPTION", "PLACETEXT",
    "GOALS", "FRUSTRATIONS", "BANKNAME", "SOURCEFILE", "HIDDENCARD", "HIDDENLANE", "HIDDENPERSON",
)  # fmt: skip


class Shared:
    """The map, its pictures and links to it."""

    def __init__(self, workspace: Workspace) -> None:
        workspace.name = "BANKNAME"
        workspace.save()
        Import.objects.create(workspace=workspace, source="SOURCEFILE.csv", kind="waits")
        self.workspace = workspace
        self.on_map, self.on_hidden, self.spare = (
            add_picture(workspace=workspace, raw=a_picture(colour=colour))
            for colour in ((200, 0, 0), (0, 200, 0), (0, 0, 200))
        )
        JourneyFactory(workspace=workspace, slug="other", name="OTHER journey")
        self.maker: User = UserFactory(email="MAKER@bank.example", name="MAKER")
        self.journey: Journey = load_map(workspace, self.document(), self.maker)
        self.journey.owner = UserFactory(email="OWNER@bank.example", name="OWNER")
        self.journey.save()
        PersonaFactory(journey=self.journey, name="HIDDENPERSON, spoken of nowhere")
        add_comment(
            journey=self.journey, user=self.maker, text="COMMENT: is this so?", about="cards",
            part="c1",
        )  # fmt: skip

    def document(self) -> dict[str, Any]:
        found = example()
        found["journey"]["description"] = "DESCRIPTION of the journey"
        found["touchpoints"][0]["description"] = "PLACETEXT"
        found["steps"][0] |= {"description": "NOTE for the presenter", "opens": "other"}
        found["lanes"] += [
            {"id": "think", "kind": "thought", "name": "Thoughts"},
            {"id": "inner", "kind": "backstage", "name": "HIDDENLANE", "hidden": True},
        ]
        found["personas"][0] |= {"goals": "GOALS", "frustrations": "FRUSTRATIONS"}
        found["cards"][0] |= {
            "owner": "CARDOWNER", "image": self.on_map.sha256,
            "links": [{"url": "https://bank.example/LINKED", "title": "LINKED"}],
        }  # fmt: skip
        found["cards"] += [
            {"id": "c3", "lane": "think", "step": "call", "text": "Will anybody answer?"},
            {"id": "c4", "lane": "inner", "step": "call", "text": "HIDDENCARD",
             "image": self.on_hidden.sha256},
        ]  # fmt: skip
        return found

    def link(self, **what: Any) -> tuple[ShareLink, str]:
        """A link and the path of its page."""
        link, secret = sharing.make_link(journey=self.journey, user=self.maker, **what)
        return link, f"/s/{secret}/"


PAGES = ("", "present/", "print/")


def all_of(path: str, client: Client | None = None) -> str:
    """Everything an outsider gets at a link: its three pages, one after the other."""
    told = []
    for page in PAGES:
        answer = (client or Client()).get(path + page)
        assert answer.status_code == 200, (page, answer.status_code)
        told.append(answer.content.decode())
    return "\n".join(told)
