"""Connections to the database are used again as long as they are good."""

import psycopg
import pytest
from django.db import connection

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sent(monkeypatch) -> list[str]:
    """What is sent to see whether the connection is good."""
    told: list[str] = []
    execute = psycopg.Cursor.execute

    def tell(self, query, *values, **options):
        told.append(query)
        return execute(self, query, *values, **options)

    monkeypatch.setattr(psycopg.Cursor, "execute", tell)
    return told


def backend_pid() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def test_an_open_connection_is_asked_once(sent):
    connection.ensure_connection()
    connection.asked_at = float("-inf")
    sent.clear()
    assert [connection.is_usable() for _ in range(3)] == [True] * 3
    assert sent == ["SELECT 1"]


def test_after_a_minute_it_is_asked_again(sent, monkeypatch):
    connection.ensure_connection()
    assert connection.is_usable()
    sent.clear()
    connection.asked_at -= 61
    assert connection.is_usable()
    assert sent == ["SELECT 1"]


def test_one_that_the_server_ended_is_not_good():
    pid = backend_pid()
    assert connection.is_usable()
    with psycopg.connect(**connection.get_connection_params()) as other:
        assert other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid]).fetchone() == (True,)
    assert not connection.is_usable()
    connection.close()
    assert backend_pid() != pid


def test_a_new_connection_is_not_taken_for_the_old_one():
    connection.close()
    assert not connection.is_usable()


def test_a_statement_that_is_put_again_and_again_is_planned_once():
    for number in range(8):
        with connection.planned_once() as cursor:
            cursor.execute("SELECT %(n)s + 1, %(n)s * 2", {"n": number})
            assert cursor.fetchone() == (number + 1, number * 2)
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        assert cursor.fetchall() == [("SELECT $1 + 1, $1 * 2",)]


def test_statements_planned_once_are_told_like_others(django_assert_num_queries):
    for _turn in range(8):
        with django_assert_num_queries(1) as told, connection.planned_once() as cursor:
            cursor.execute("SELECT %s - 1", [3])
        assert "SELECT " in told.captured_queries[0]["sql"]


def test_a_plan_ends_with_its_connection():
    for again in range(2):
        if again:
            connection.close()
        for _turn in range(6):
            with connection.planned_once() as cursor:
                cursor.execute(
                    "SELECT count(*) FROM accounts_user WHERE id = %(user)s", {"user": 0}
                )
                assert cursor.fetchone() == (0,)
