"""Rasa serves our model without TensorFlow, and says so loudly when something needs it after all."""

import json

import pytest

from tests.nlu.conftest import in_rasas_environment


@pytest.fixture(scope="module")
def served(model_path):
    """What tests/nlu/stand_in.py found out."""
    return json.loads(in_rasas_environment("tests/nlu/stand_in.py", str(model_path)))


def test_our_model_does_without_it(served):
    assert served["ours"]


def test_a_model_with_a_component_of_tensorflow_does_not(served):
    assert not served["with_diet"]


@pytest.mark.parametrize("command", ["train", "no_model", "no_such_file", "no_archive"])
def test_nothing_but_serving_one_model_does_without_it(served, command):
    assert not served[command]


def test_every_component_of_rasa_that_computes_with_it_is_known(served):
    assert served["importing_it"] == served["known"]


def test_whatever_of_it_is_used_says_what_to_do(served):
    assert served["calls"] == ["TensorFlowNeeded"] * 3
    assert "WARMLINE_TENSORFLOW=1" in served["message"]


def test_a_stand_in_that_comes_too_late_is_refused(served):
    assert served["too_late"]
