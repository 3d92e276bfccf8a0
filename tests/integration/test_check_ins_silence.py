"""No answer to a check-in: one gentle text, then what was agreed. On SQLite and on PostgreSQL."""

from sqlalchemy import select

from bot import check_ins
from bot.db import reading, writing
from bot.models import Consent, Incident, IncidentSource


def sent(world, **how):
    asked = world.promise(hours=1, **how)
    world.clock.pass_by(hours=1)
    world.keep(asked)
    return asked


def incidents(world):
    with reading(world.engine) as session:
        return list(session.scalars(select(Incident)))


def test_silence_gets_one_gentle_text_and_no_more(check_in_world):
    asked = sent(check_in_world)
    check_in_world.clock.pass_by(hours=3)
    for _ in range(3):
        check_in_world.sweep()
    assert check_in_world.said() == ["check_in", "check_in_still_here"]
    assert check_in_world.words()[-1] == "No worries. Still here. Reply OK or HELP."
    check_in_world.clock.pass_by(hours=3)
    for _ in range(3):
        check_in_world.sweep()
    assert check_in_world.said() == ["check_in", "check_in_still_here"]
    assert (check_in_world.get(asked).state, incidents(check_in_world)) == ("missed", [])


def test_it_does_not_come_before_its_time(check_in_world):
    sent(check_in_world)
    check_in_world.clock.pass_by(hours=2, minutes=59)
    assert check_in_world.sweep() == 0


def test_in_the_quiet_hours_it_waits_for_the_morning(check_in_world):
    asked = check_in_world.promise(hours=8)
    check_in_world.clock.pass_by(hours=8)
    check_in_world.keep(asked)
    check_in_world.clock.pass_by(hours=3)
    check_in_world.sweep()
    assert check_in_world.said() == ["check_in"]
    check_in_world.at(2026, 11, 25, 8, 30)
    check_in_world.sweep()
    assert check_in_world.said() == ["check_in", "check_in_still_here"]


def test_any_text_of_theirs_is_no_silence(check_in_world):
    sent(check_in_world)
    check_in_world.text("where can i shower")
    check_in_world.clock.pass_by(hours=3)
    check_in_world.sweep()
    assert check_in_world.said() == ["check_in"]


def test_it_goes_by_the_same_consent_and_is_withheld_without(check_in_world):
    sent(check_in_world)
    with writing(check_in_world.engine) as session:
        session.scalars(select(Consent)).one().revoked_at = check_in_world.clock()
    check_in_world.clock.pass_by(hours=3)
    check_in_world.sweep()
    assert check_in_world.said() == ["check_in"]


def test_it_never_comes_within_a_minute_of_another_text(check_in_world):
    sent(check_in_world)
    other = check_in_world.promise(hours=3)
    check_in_world.clock.pass_by(hours=3)
    with writing(check_in_world.engine) as session:
        check_in_world.conversation(session).unprompted_at = check_in_world.clock()
    check_in_world.sweep()
    assert check_in_world.said() == ["check_in"]
    assert check_in_world.get(other).state == "scheduled"
    check_in_world.clock.pass_by(minutes=1)
    check_in_world.sweep()
    assert len(check_in_world.said()) == 2


def test_a_newer_check_in_stands_for_an_unanswered_one(check_in_world):
    first = sent(check_in_world)
    second = check_in_world.promise(hours=2)
    # The promise was a text of theirs: before it, nothing had been heard.
    check_in_world.clock.pass_by(hours=2)
    check_in_world.keep(second)
    assert check_in_world.get(first).state == "missed"


def test_after_a_day_nobody_is_asked_again(check_in_world):
    asked = sent(check_in_world)
    check_in_world.clock.pass_by(days=2)
    check_in_world.sweep()
    assert (check_in_world.said(), check_in_world.get(asked).state) == (["check_in"], "missed")


def test_people_on_call_are_told_of_silence_when_that_was_agreed(check_in_world):
    asked = sent(check_in_world, body="text me at 1, if i dont answer tell someone", if_silent="roster")
    check_in_world.clock.pass_by(hours=3)
    check_in_world.sweep()
    assert incidents(check_in_world) == []
    check_in_world.clock.pass_by(hours=2)
    for _ in range(3):
        check_in_world.sweep()
    (incident,) = incidents(check_in_world)
    assert incident.source == IncidentSource.CHECK_IN
    assert check_in_world.get(asked).state == "missed"


def test_an_answer_in_between_tells_nobody(check_in_world):
    sent(check_in_world, if_silent="roster")
    check_in_world.clock.pass_by(hours=3)
    check_in_world.sweep()
    check_in_world.text("ok")
    check_in_world.clock.pass_by(hours=2)
    check_in_world.sweep()
    assert incidents(check_in_world) == []


def test_silence_that_was_to_be_told_of_is_not_forgotten_for_a_newer_check_in(check_in_world):
    first = check_in_world.promise(hours=1, if_silent="roster")
    second = check_in_world.promise(hours=2)
    check_in_world.clock.pass_by(hours=1)
    check_in_world.keep(first)
    check_in_world.clock.pass_by(hours=1)
    check_in_world.keep(second)
    for hours in (2, 2, 2):
        check_in_world.clock.pass_by(hours=hours)
        check_in_world.sweep()
    assert len(incidents(check_in_world)) == 1


def test_tell_someone_if_i_dont_answer_said_afterwards_holds_for_what_is_to_come(check_in_world):
    asked = check_in_world.promise(hours=1)
    said = check_in_world.obey("if i dont answer tell someone")
    assert [reply.key for reply in said.replies] == ["check_in_silent_set"]
    assert check_in_world.get(asked).if_silent == check_ins.ROSTER


def unanswered(world):
    """A check-in whose silence people on call have been told of."""
    sent(world, if_silent="roster")
    for hours in (3, 2):
        world.clock.pass_by(hours=hours)
        world.sweep()


def test_an_answer_after_all_is_their_all_clear(check_in_world):
    unanswered(check_in_world)
    check_in_world.dialogue.away = True
    check_in_world.turn.answer(check_in_world.text("ok"))
    assert check_in_world.said()[-1] == "checkin_ok"
    assert incidents(check_in_world)[0].over_at is not None


def test_any_other_text_is_too(check_in_world):
    unanswered(check_in_world)
    check_in_world.turn.answer(check_in_world.text("where can i shower"))
    assert incidents(check_in_world)[0].over_at is not None


def test_help_leaves_them_told(check_in_world):
    unanswered(check_in_world)
    check_in_world.dialogue.away = True
    check_in_world.turn.answer(check_in_world.text("HELP"))
    assert check_in_world.said()[-1] == "check_in_help"
    assert incidents(check_in_world)[0].over_at is None
