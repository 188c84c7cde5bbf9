"""Two touchpoints, and what is asked of their evidence."""

from evidence import lake
from evidence.measures import Measure, Measures, measure
from evidence.question import Place, Question, Standard

COUNTER = Place("counter", ("counter",), (Standard(60_000),))
PHONE = Place("phone", ("phone", "PS"))
OUTCOMES = ("served", "abandoned")


def ask(question: Question) -> Measures:
    with lake.transaction() as cursor:
        return measure(cursor, question)


def counter(question: Question) -> Measure:
    return ask(question).touchpoints[0]
