"""What the fields of evidence are called on pages, and what each is for."""

from django.utils.translation import gettext_lazy as _

LABELS = {
    "occurred_at": _("When"),
    "touchpoint": _("Touchpoint"),
    "journey": _("Journey"),
    "channel": _("Channel"),
    "segment": _("Segment"),
    "unit": _("Unit"),
    "case_id": _("Case"),
    "event_id": _("Row's own id"),
    "customer": _("Customer"),
    "agent": _("Staff member"),
    "metric": _("Metric"),
    "score": _("Score"),
    "comment": _("Comment"),
    "weight": _("Weight"),
    "wait_s": _("Waiting time"),
    "service_s": _("Service time"),
    "outcome": _("Outcome"),
    "ended_at": _("Ended"),
    # as they stand in the lake
    "wait_ms": _("Waiting time"),
    "service_ms": _("Service time"),
    # outcomes of a wait
    "served": _("served"),
    "abandoned": _("abandoned"),
}

HELP = {
    "occurred_at": _("When it happened. Date and time may stand in two columns."),
    "touchpoint": _("The code of the place where it happened, as your systems write it."),
    "channel": _("Branch, phone, web, app, WeChat, chatbot…"),
    "score": _("On the scale of the metric: NPS 0 to 10, CSAT 1 to 5, CES 1 to 7."),
    "comment": _("What the customer wrote."),
    "ended_at": _("When the passage was over."),
    "journey": _("For answers about a whole journey rather than one touchpoint."),
    "customer": _("Replaced by a keyed hash on the way in; the number itself is never stored."),
    "event_id": _("Where each row has an id of its own, a row that comes twice is told."),
    "case_id": _("One application or one visit, across touchpoints."),
    "metric": _("Which question was answered: NPS, CSAT, CES or one of your own."),
    "wait_s": _("From arrival to being served, or to giving up."),
    "service_s": _("From being served to the end."),
    "outcome": _("Without it, every waiting customer counts as served."),
    "weight": _("How many people an answer stands for; 1 unless told."),
    "unit": _("Branch, team or desk."),
    "segment": _("Customer tier or group."),
}
