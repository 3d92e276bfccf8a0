"""What is wanted of check-ins that stand, and what only looks like it."""

import pytest

from bot.check_ins import Wish, read_answer, read_wish

WISHES = [
    (Wish.LIST, ["when will you text me", "when is my next check in", "what are my reminders",
                 "cuando me vas a escribir", "do i have a check in"]),
    (Wish.MOVE, ["make it 10 instead", "move my check in to friday", "change my check in to 10",
                 "push it to monday", "move it to 9", "muevelo a las 10", "mejor a las 10"]),
    (Wish.PAUSE, ["pause for a week", "pause my check-ins", "pause", "skip this week",
                  "pausa por una semana", "pausa mis mensajes programados"]),
    (Wish.RESUME, ["resume", "resume my check-ins", "reanuda"]),
    (Wish.CANCEL, ["cancel my check-in", "stop the morning ones", "stop the morning texts", "cancel the 9am",
                   "cancel that", "dont text me tomorrow", "skip tonight", "no more check ins",
                   "ya no me escribas mañana", "no mas mensajes de la mañana"]),
    (Wish.TELL, ["if i dont answer tell someone", "tell someone if i dont reply",
                 "si no contesto avisa a alguien"]),
]  # fmt: skip


@pytest.mark.parametrize(("wish", "text"), [(wish, text) for wish, texts in WISHES for text in texts])
def test_a_wish_is_known_by_plain_words(wish, text):
    assert read_wish(text) is wish


@pytest.mark.parametrize(
    "text",
    ["STOP", "stop texting me", "please stop texting me", "cancel", "no me escribas mas", "cancela",
     "check on me tomorrow at 9", "when do they close", "hold on", "i want to move to seattle",
     "i want to end it all", "cancel the call", "can you change the language"],
)  # fmt: skip
def test_an_opt_out_a_call_or_a_new_request_is_none(text):
    assert read_wish(text) is None


ANSWERS = [
    ("ok", ["OK", "yes", "yeah i got in", "im in", "pude entrar", "todo bien", "i'm ok thanks", "got in"]),
    ("no", ["NO", "no they were full", "didnt get in", "they turned me away", "estaba lleno"]),
    ("closed", ["CLOSED", "no it was closed", "estaba cerrado", "nobody was there", "no habia nadie"]),
    ("help", ["HELP", "AYUDA", "i need help"]),
    (None, ["im hungry", "hi", "no food", "ok and i need food", "98104", ""]),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "text"), [(answer, text) for answer, texts in ANSWERS for text in texts])
def test_an_answer_is_known_by_plain_words(answer, text):
    assert read_answer(text) == answer


def test_what_the_words_do_not_say_the_intent_does():
    assert read_answer("they said come back tomorrow", "checkin_not_ok") == "no"
    assert read_answer("OK", "thanks") == "ok"
