"""The emergency rules, by the examples that stand beside them."""

import pytest

from bot.triage import assess
from bot.triage.rules import GUARDS, load_rules

RULES = load_rules()
EXAMPLES = [(rule, text) for rule in RULES for text in rule.examples]
COUNTER_EXAMPLES = [(rule, text) for rule in RULES for text in rule.counter_examples]


@pytest.mark.parametrize(("rule", "text"), EXAMPLES, ids=lambda value: getattr(value, "name", value))
def test_an_example_of_a_rule_is_caught(rule, text):
    found = assess(text)
    assert found.emergency or (rule.kind == "unsure" and found.unsure)


@pytest.mark.parametrize(("rule", "text"), COUNTER_EXAMPLES, ids=lambda value: getattr(value, "name", value))
def test_a_counter_example_of_a_rule_raises_no_alarm(rule, text):
    assert not assess(text).emergency


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.language}-{rule.name}")
def test_a_rule_says_where_it_comes_from_and_who_has_reviewed_it(rule):
    assert rule.source
    assert rule.reviewed_by
    assert len(rule.examples) >= 3
    assert rule.counter_examples
    assert rule.guards <= GUARDS


def test_the_rules_are_named_once():
    names = [(rule.language, rule.name) for rule in RULES]
    assert len(names) == len(set(names))
