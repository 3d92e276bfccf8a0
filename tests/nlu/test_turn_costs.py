"""What is done once in place of for every text (nlu/turn_costs.py) gives what Rasa's own gives."""

import json

import pytest

from tests.nlu.conftest import in_rasas_environment


@pytest.fixture(scope="module")
def compared():
    """What tests/nlu/same_as_rasa.py found out."""
    return json.loads(in_rasas_environment("tests/nlu/same_as_rasa.py"))


def test_good_and_bad_answers_are_told_apart_as_rasa_does(compared):
    assert compared["ours"] == compared["rasas"]
    assert compared["ours"].count(True) == compared["good"]


def test_every_kind_of_event_is_known_by_its_name(compared):
    assert compared["kinds_differ"] == []
    assert compared["unknown_kind"] == "ValueError"


def test_an_action_is_asked_with_an_empty_domain(compared):
    assert compared["domain"] == {}
    assert compared["asked"] == ["domain", "next_action", "sender_id", "tracker", "version"]


def test_the_calls_of_a_turn_share_one_connection(compared):
    assert compared["connections"] == 1


def test_a_connection_left_for_long_is_not_used_again(compared):
    assert compared["connections_later"] == 2
