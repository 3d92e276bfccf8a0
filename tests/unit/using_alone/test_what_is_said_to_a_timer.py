"""What a text means to a timer, in both languages, and how many minutes are asked for."""

import pytest

from bot.using_alone import ladder, read_minutes
from bot.using_alone.hearing import Said, read


@pytest.mark.parametrize(
    "text",
    ["done", "im ok", "I'm OK!", "hey im good now", "all good", "still here", "im straight", "alive",
     "estoy bien", "estoy bien gracias", "listo", "todo bien", "ya estoy listo", "sigo aqui"],
)  # fmt: skip
def test_being_all_right_is_said_in_many_ways(text):
    assert read(text)[0] is Said.SAFE


@pytest.mark.parametrize("text", ["ok", "OK!", "k", "yes", "thanks", "got it", "si", "bueno", "ok thanks"])
def test_a_bare_yes_may_only_mean_got_it(text):
    assert read(text)[0] is Said.MAYBE


@pytest.mark.parametrize(
    "text",
    ["took too much", "i did too much", "im not ok", "i feel weird", "send help", "call 911",
     "no estoy bien", "me siento mal", "me pase", "manden ayuda"],
)  # fmt: skip
def test_not_being_all_right_is_a_cry_for_help(text):
    assert read(text)[0] is Said.HELP


@pytest.mark.parametrize("text", ["help", "HELP ME", "help please", "ayuda", "auxilio", "sos"])
def test_help_alone_is_a_cry_for_help(text):
    assert read(text)[0] is Said.CRY


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("10 more", 10), ("give me 15 more mins", 15), ("need more time", 10), ("another 5", 5),
     ("ten more minutes please", 10), ("dame otros 10 minutos", 10), ("10 mas", 10), ("mas tiempo", 10)],
)  # fmt: skip
def test_more_time_is_asked_for_with_or_without_a_number(text, minutes):
    assert read(text) == (Said.EXTEND, minutes)


@pytest.mark.parametrize(
    "text", ["cancel the timer", "stop the timer", "changed my mind", "quita el reloj", "ya no voy a usar"]
)
def test_a_timer_is_called_off_in_words(text):
    assert read(text)[0] is Said.CANCEL


@pytest.mark.parametrize("text", ["how much time left", "cuanto tiempo queda"])
def test_how_long_is_left_is_asked(text):
    assert read(text)[0] is Said.LEFT


@pytest.mark.parametrize(
    "text",
    ["i need food", "can you help me find food", "i need 2 meals", "98104", "is the shelter still open",
     "donde hay comida", "necesito ayuda con la renta", "call my mom", "more", "2"],
)  # fmt: skip
def test_other_wishes_say_nothing_of_the_timer(text):
    assert read(text)[0] is Said.ELSE


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("10", 10), ("ten", 10), ("in 10 min", 10), ("half an hour", 30), ("15 minutos", 15), ("an hour", 60),
     ("media hora", 30), ("60", 60), ("20m", 20)],
)  # fmt: skip
def test_minutes_are_read_as_people_write_them(text, minutes):
    assert read_minutes(text, bare=True) == minutes


def test_a_number_is_minutes_only_when_minutes_were_asked_for():
    assert read_minutes("about to use alone at 3rd and pine 98104", bare=False) is None
    assert read_minutes("using alone, 10 min timer", bare=False) == 10
    assert read_minutes("soon", bare=True) is None


def test_the_shipped_ladder_is_text_text_call_tell_within_three_minutes():
    assert ladder().does == ("text", "text_again", "call", "escalate")
    assert [wait.total_seconds() for wait in ladder().after] == [0, 60, 120, 180]
    assert (ladder().shortest_minutes, ladder().longest_minutes) == (1, 60)
