"""The ladder of statuses: the same place at its end in whatever order callbacks come, however often."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.statuses import FINAL, RANK, Standing, advance, standing_of

STATUSES = st.sampled_from([*RANK, "huh", "receiving", ""])
CODES = st.sampled_from(["", "30003", "30005", "30007", "30008"])
HEARD = st.lists(st.tuples(STATUSES, CODES), max_size=12)


@given(HEARD, st.randoms(use_true_random=False))
def test_any_order_and_any_repetition_end_in_the_same_place(heard, random):
    mixed = heard + [random.choice(heard) for _ in range(3) if heard]
    random.shuffle(mixed)
    assert standing_of(mixed) == standing_of(sorted(heard)) == standing_of(set(heard))


@given(HEARD, st.tuples(STATUSES, CODES))
def test_nothing_said_later_takes_a_text_back(heard, more):
    before = standing_of(heard)
    after = advance(before, *more)
    assert RANK.get(after.status, -1) >= RANK.get(before.status, -1)


@given(HEARD)
def test_a_final_status_stays_final(heard):
    standing = Standing()
    for status, code in heard:
        was_final = standing.status in FINAL
        standing = advance(standing, status, code)
        assert standing.status in FINAL or not was_final


@given(HEARD)
def test_an_error_is_never_cleared(heard):
    standing = Standing()
    for status, code in heard:
        had = standing.error_code
        standing = advance(standing, status, code)
        assert standing.error_code or not had


@given(HEARD)
def test_hearing_all_of_it_twice_changes_nothing(heard):
    assert standing_of(heard + heard) == standing_of(heard)


def test_delivered_then_sent_stays_delivered():
    """Case 35."""
    assert standing_of([("delivered", ""), ("sent", "")]).status == "delivered"


def test_an_error_of_one_segment_outlives_the_success_of_another():
    """Case 36."""
    standing = standing_of([("undelivered", "30008"), ("delivered", "")])
    assert (standing.status, standing.error_code, standing.lost) == ("undelivered", "30008", True)


def test_an_unknown_status_moves_nothing():
    """Case 13."""
    assert standing_of([("sent", ""), ("huh", "")]) == standing_of([("sent", "")])


def test_a_text_that_was_read_was_read():
    """Case 15."""
    assert standing_of([("read", ""), ("delivered", "")]).status == "read"


@pytest.mark.parametrize("status", sorted(FINAL))
def test_whatever_is_final_is_above_all_that_is_under_way(status):
    under_way = [name for name in RANK if name not in FINAL]
    assert all(RANK[status] > RANK[name] for name in under_way)
