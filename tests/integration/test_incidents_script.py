"""What somebody in an emergency hears, step by step, with no dialogue model at all. On both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot import incidents
from bot.db import writing
from bot.intake import InboundText, emergency_words, receive
from bot.models import Conversation, IncidentSource, IncidentState, MessageState
from bot.ports import Reply
from tests.integration.incident_world import OVERDOSE, PHONE, World

SUICIDE = "i want to kill myself"
FOOD = [Reply("ask_place_food")]
OVERDOSE_STEPS = [
    "emergency_overdose", "help_overdose_narcan", "help_overdose_breathe", "help_overdose_again",
    "help_overdose_side",
]  # fmt: skip


@pytest.fixture
def world(engine, clock, work, dialogue, messenger):
    world = World(engine, clock, work, dialogue, messenger)
    world.dialogue.script = {"im hungry": FOOD, "need food": FOOD, "hi": [Reply("greet")]}
    return world


def said(world, *texts, phone=PHONE):
    """What is said to some texts, one after another, a second apart."""
    before = len(world.heard(phone))
    for text in texts:
        world.clock.pass_by(seconds=1)
        world.text(text, phone)
    return world.heard(phone)[before:]


def test_the_first_words_go_back_at_once_and_the_turn_says_nothing_more(world):
    reception = world.text(OVERDOSE)
    assert reception.say_now.startswith("Call 911 now")
    assert world.heard() == ["emergency_overdose"]
    assert world.dialogue.asked == []


def test_each_answer_brings_the_next_step_with_the_dialogue_model_away(world):
    world.dialogue.away = True
    assert said(world, OVERDOSE, "ok", "done gave narcan", "next", "did it") == OVERDOSE_STEPS


def test_the_steps_in_spanish_are_in_spanish(world):
    said(world, "mi amigo no respira", "listo")
    bodies = [message.body for message in world.messages() if message.direction == "out"]
    assert bodies[0].startswith("Llama al 911")
    assert bodies[1].startswith("Narcan ya")


@pytest.mark.parametrize(
    ("text", "first"),
    [
        (OVERDOSE, "emergency_overdose"),
        (SUICIDE, "emergency_suicide"),
    ],
)
def test_the_words_are_the_same_with_the_database_away(text, first, clock):
    words = emergency_words(InboundText("SM1", PHONE, text), clock())
    assert words is not None
    assert words.startswith(("Call 911", "Call 988"))
    assert first.startswith("emergency_")


def test_a_question_gets_the_step_again(world):
    assert said(world, OVERDOSE, "ok", "how do i spray it") == [
        "emergency_overdose", "help_overdose_narcan", "help_overdose_narcan",
    ]  # fmt: skip


def test_no_step_is_said_more_than_twice_and_what_follows_is_never_the_same_twice_running(world):
    keys = said(world, OVERDOSE, *["what do you mean??"] * 12)
    assert keys[:2] == ["emergency_overdose", "emergency_overdose"]
    assert len(keys) == 13, "nothing was left unanswered"
    assert all(one != other for one, other in zip(keys[1:], keys[2:], strict=False))
    assert {"hold_911", "hold_911_again", "is_it_over", "is_it_over_again"} <= set(keys)


def test_after_the_last_step_the_person_is_not_left_and_not_pestered_with_one_text(world):
    keys = said(world, OVERDOSE, *["done"] * 10)
    assert keys[: len(OVERDOSE_STEPS)] == OVERDOSE_STEPS
    assert keys[5:] == [
        "help_overdose_side", "hold_911", "is_it_over", "hold_911_again", "is_it_over_again", "hold_911",
    ]  # fmt: skip


def test_no_narcan_leads_to_breaths(world):
    assert said(world, OVERDOSE, "i dont have narcan")[-1] == "help_overdose_no_narcan"
    assert said(world, "ok")[-1] == "help_overdose_narcan"
    assert said(world, "no")[-1] == "help_overdose_no_narcan"


def test_new_emergency_words_begin_again_at_the_first_line(world):
    keys = said(world, OVERDOSE, "ok", "ok", "hes turning blue not breathing", "ok")
    assert keys[3:] == ["emergency_overdose", "help_overdose_narcan"]


def test_another_danger_changes_the_script(world):
    said(world, OVERDOSE, "ok")
    assert said(world, SUICIDE, "yes") == ["emergency_suicide", "help_suicide_ask"]
    assert len(world.incidents()) == 1


def test_a_no_to_are_you_safe_there_leads_to_988_and_911(world):
    assert said(world, SUICIDE, "yes", "yes", "no")[2:] == ["help_suicide_space", "hold_988"]


@pytest.mark.parametrize(
    "text", ["he woke up", "the ambulance is here", "its over", "OVER", "ya llego la ambulancia"]
)
def test_over_gets_kind_words_and_what_to_watch(world, text):
    assert said(world, OVERDOSE, text)[1:] == ["over_overdose"]
    assert world.incident().over_at is not None
    assert world.state() == IncidentState.OPEN, "case workers still see it"


@pytest.mark.parametrize(
    "text", ["he isnt awake", "when is the ambulance coming", "if he woke up ok", "come over"]
)
def test_what_only_sounds_like_over_is_not(world, text):
    said(world, OVERDOSE, text)
    assert world.incident().over_at is None


def test_half_over_is_asked_about(world):
    assert said(world, OVERDOSE, "he woke up but hes real sleepy", "no")[1:] == [
        "is_it_over", "emergency_overdose",
    ]  # fmt: skip
    assert said(world, "he woke up i think", "yes") == ["is_it_over_again", "over_overdose"]


def test_i_am_ok_ends_their_own_emergency_and_not_somebody_else_s(world):
    assert said(world, OVERDOSE, "im ok")[-1] == "is_it_over"
    assert said(world, SUICIDE, "im safe now", phone="+12065550143")[-1] == "over_suicide"


def test_another_need_is_asked_about_once_and_answered_when_it_is_over(world):
    assert said(world, OVERDOSE, "need food")[1:] == ["is_it_over"]
    assert world.dialogue.asked == []
    assert said(world, "OVER") == ["over_overdose", "first_contact", "ask_place_food"]
    assert [body for _, body, _ in world.dialogue.asked] == ["need food"]


def test_another_need_with_the_dialogue_away_is_answered_from_the_menu_when_it_is_over(world):
    world.dialogue.away = True
    assert said(world, OVERDOSE, "need food", "OVER")[2:] == [
        "over_overdose", "first_contact", "ask_place_food",
    ]  # fmt: skip


def test_narcan_is_no_other_need_in_an_overdose(world):
    assert said(world, OVERDOSE, "i need narcan")[-1] == "help_overdose_no_narcan"


def test_over_and_a_need_in_one_text_are_both_answered(world):
    world.dialogue.script["medics came. im hungry"] = FOOD
    world.text("hi")
    assert said(world, OVERDOSE, "medics came. im hungry")[1:] == ["over_overdose", "ask_place_food"]


def test_what_was_asked_before_is_asked_again_when_it_is_over(world):
    assert said(world, "im hungry", OVERDOSE, "hes awake now")[2:] == [
        "emergency_overdose", "over_overdose", "ask_place_food",
    ]  # fmt: skip


def test_the_dialogue_is_told_nothing_of_the_emergency(world):
    said(world, "im hungry", OVERDOSE, "ok", "its over", "hi")
    assert [body for _, body, _ in world.dialogue.asked] == ["im hungry", "hi"]


def test_after_twelve_quiet_hours_it_is_over_without_a_word(world):
    said(world, OVERDOSE, "ok")
    world.clock.pass_by(hours=12)
    assert said(world, "im hungry") == ["first_contact", "ask_place_food"]
    assert ("over", "over-quiet") in world.happened()


def test_after_eleven_quiet_hours_it_is_not(world):
    said(world, OVERDOSE)
    world.clock.pass_by(hours=11)
    assert said(world, "im hungry") == ["is_it_over"]


def test_an_answer_to_an_earlier_text_does_not_cover_the_emergency_and_comes_when_it_is_over(world):
    inbound = InboundText(f"MM{next(world.sids):032x}", PHONE, "im hungry")
    with writing(world.engine) as session:
        earlier = receive(session, inbound, world.clock(), world.work).message_id
        world.clock.pass_by(seconds=1)
        receive(session, InboundText("MM" + "f" * 32, PHONE, OVERDOSE), world.clock(), world.work)
    world.turn.answer(earlier)
    assert world.heard() == ["emergency_overdose"]
    world.settled.update(world.work.started)
    assert said(world, "its over")[-1] == "ask_place_food"


def test_the_language_changes_in_the_middle_and_the_step_is_said_again(world):
    assert said(world, OVERDOSE, "ok", "espanol")[1:] == ["help_overdose_narcan"] * 2
    assert world.messages()[-1].body.startswith("Narcan ya")


def test_a_wish_to_be_left_alone_is_obeyed_in_an_emergency_too(world):
    world.text("hi")
    assert said(world, OVERDOSE, "please stop texting me")[1:] == ["stopped"]


def test_word_of_the_team_between_question_and_answer_changes_nothing(world):
    said(world, OVERDOSE, "need food")
    world.look()
    assert world.heard()[-1] == "incident_nobody_on_call"
    assert said(world, "yes")[0] == "over_overdose"


# Fear of the police


def test_fear_of_the_police_is_met_with_the_law_where_the_state_is_known(world):
    world.dialogue.script["food 98104"] = FOOD
    keys = said(world, "food 98104", OVERDOSE, "im scared the cops will come", "ok")
    assert keys[-2:] == ["law_wa", "help_overdose_narcan"]
    assert "will not be arrested" not in " ".join(message.body for message in world.messages())


def test_a_state_said_in_the_same_text_is_known(world):
    assert said(world, OVERDOSE, "i got a warrant im in tacoma wa")[-1] == "law_wa"


@pytest.mark.parametrize("where", ["", " 97201", " in springfield", " in portland"])
def test_elsewhere_or_nowhere_no_law_is_told(world, where):
    assert said(world, OVERDOSE, f"i cant have the police here{where}")[-1] == "fear_of_police_911"


def test_no_law_of_overdose_is_told_to_somebody_who_wants_to_die(world):
    assert said(world, SUICIDE, "dont send cops im in 98104")[-1] == "fear_of_police_988"


# Worrying, not sure


WORRYING = "i cant do this anymore"


def test_a_worrying_text_is_asked_about_once_before_the_dialogue_hears_it(world):
    assert said(world, WORRYING) == ["are_you_safe"]
    assert world.dialogue.asked == []


def test_yes_gets_a_kind_line_and_then_the_answer_to_what_was_said(world):
    world.text("hi")
    assert said(world, WORRYING, "yes")[1:] == ["safe_then", "not_understood_first"]
    assert world.dialogue.asked[-1][1] == WORRYING


@pytest.mark.parametrize("text", ["no", "not really", "idk", "no se", "im not safe", "maybe"])
def test_anything_less_than_a_yes_is_a_crisis(world, text):
    world.dialogue.away = True
    assert said(world, WORRYING, text)[1:] == ["emergency_crisis"]
    incident = world.incident()
    assert (incident.source, incident.kind) == (IncidentSource.DIALOGUE, "crisis")
    assert said(world, "i dunno") == ["help_crisis_ask"]


def test_it_is_not_asked_again_within_twelve_hours(world):
    said(world, "hi", WORRYING, "yes")
    assert "are_you_safe" not in said(world, WORRYING)
    world.clock.pass_by(hours=13)
    assert said(world, WORRYING) == ["are_you_safe"]


def test_an_answer_that_is_none_goes_to_the_dialogue_which_hears_the_worry_first(world):
    world.text("hi")
    assert said(world, WORRYING, "im hungry")[1:] == ["ask_place_food"]
    assert [body for _, body, _ in world.dialogue.asked][1:] == [WORRYING, "im hungry"]


def test_an_emergency_after_the_question_is_one(world):
    assert said(world, WORRYING, SUICIDE)[1:] == ["emergency_suicide"]


# The second net


def test_a_crisis_the_dialogue_is_sure_of_opens_an_incident_with_its_words(world):
    world.dialogue.script["it all got so dark"] = [Reply("emergency_crisis")]
    assert said(world, "it all got so dark", "ok") == ["emergency_crisis", "help_crisis_ask"]
    assert world.incident().source == IncidentSource.DIALOGUE


def test_a_crisis_beside_a_need_is_met_first_and_the_need_when_it_is_over(world):
    world.text("hi")
    world.dialogue.script["black. need a bed"] = [Reply("emergency_crisis"), Reply("ask_place_shelter")]
    assert said(world, "black. need a bed") == ["emergency_crisis"]
    assert said(world, "im safe now") == ["over_crisis", "ask_place_shelter"]
    assert len(world.incidents()) == 1


def test_the_dialogue_s_own_question_is_asked_once_and_its_answer_read(world):
    world.dialogue.script["so tired of it all"] = [Reply("are_you_safe")]
    assert said(world, "so tired of it all", "no") == ["are_you_safe", "emergency_crisis"]


def test_a_crisis_found_in_a_text_the_menu_had_answered_is_not_lost(world):
    world.dialogue.script["it all got so dark"] = [Reply("emergency_crisis")]
    world.dialogue.away = True
    said(world, "it all got so dark")
    world.dialogue.away = False
    assert said(world, "hi") == ["emergency_crisis"]


# Opened by silence


def test_a_cry_for_help_after_a_timer_ran_out_begins_the_script(world):
    world.text("hi")
    with writing(world.engine) as session:
        conversation = session.scalars(select(Conversation)).one()
        incidents.open_incident(
            session,
            conversation,
            IncidentSource.USING_ALONE,
            "overdose",
            world.clock(),
            world.work,
            danger_to="self",
        )
    assert said(world, "help me", "ok") == ["emergency_overdose_self", "help_overdose_self_door"]


def test_a_turn_cut_off_and_run_again_says_each_step_once(world):
    said(world, OVERDOSE, "ok")
    row = world.messages()[-2].id
    assert world.turn.answer(row) == MessageState.ANSWERED
    assert world.heard() == OVERDOSE_STEPS[:2]
    assert world.clock() > world.incident().opened_at - timedelta(seconds=1)
