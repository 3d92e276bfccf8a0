"""Check-ins sent together: once each, whatever dies, fails or is taken back. On SQLite and on PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import event, text, update

from bot import consent, consent_ledger
from bot.adapters.memory import MemoryMessenger
from bot.db import writing
from bot.delivery import Sender, Together, not_arrived
from bot.delivery.error_codes import table
from bot.delivery.together import AT_ONCE, HANDED_OVER_WITHIN_SECONDS, RESTS
from bot.errors import OutcomeUnknown, TryAgain
from bot.models import CaseWorker, Message, MessageState, Takeover, UnpromptedText
from bot.ports import Sent
from tests.integration.check_in_world import SEATTLE, killed_at_commit
from tests.integration.delivery_world import OTHER

SENT, QUEUED, SENDING, FAILED, WITHHELD = (
    MessageState.SENT,
    MessageState.QUEUED,
    MessageState.SENDING,
    MessageState.FAILED,
    MessageState.WITHHELD,
)


class Killed(BaseException):
    """The process ends here: nothing of it runs on."""


class Interrupted(MemoryMessenger):
    """Something happens as a text is handed over: `before` it is taken or `after`, at its number."""

    def __init__(self):
        super().__init__()
        self.before, self.after = {}, {}

    def send(self, to, body, callback_id, valid_seconds, media_url=None):
        self.before.pop(to, lambda: None)()
        sent = super().send(to, body, callback_id, valid_seconds, media_url)
        self.after.pop(to, lambda: None)()
        return sent


@pytest.fixture
def messenger():
    return Interrupted()


@pytest.fixture
def world(delivery_world):
    return delivery_world


def phone(number):
    return f"+1206555{number:04d}"


def put(world, count):
    return [world.put_unprompted("check_in", phone=phone(number)) for number in range(count)]


def states(world, rows):
    return [world.state(row) for row in rows]


def die(*_):
    raise Killed


@contextmanager
def commits(engine):
    """How many write transactions there were within."""
    seen = []

    def count(connection):
        seen.append(connection)

    event.listen(engine, "commit", count)
    yield seen
    event.remove(engine, "commit", count)


def everybody_got_one(world, count):
    return sorted(to for to, _, _ in world.messenger.sent) == [phone(number) for number in range(count)]


def test_many_texts_take_two_write_transactions(world):
    rows = put(world, 20)
    with commits(world.engine) as seen:
        assert world.together.send() == 20
    assert len(seen) == 2
    assert states(world, rows) == [SENT] * 20
    assert everybody_got_one(world, 20)
    assert len({world.message(row).message_sid for row in rows}) == 20
    assert world.together.send() == 0


def test_no_more_go_together_than_one_transaction_should_hold(world):
    put(world, AT_ONCE + 3)
    assert [world.together.send(), world.together.send()] == [AT_ONCE, 3]
    assert everybody_got_one(world, AT_ONCE + 3)


def test_answers_and_emergencies_are_not_sent_together(world):
    world.put("greet")
    world.put("emergency_overdose", phone=OTHER)
    assert world.together.send() == 0


@pytest.mark.parametrize("moment", ["before_taking", "after_taking", "last_taken", "begin", "noting"])
def test_a_worker_killed_at_any_moment_loses_no_text_and_sends_none_twice(world, moment):
    rows = put(world, 6)
    hooks = {"before_taking": world.messenger.before, "after_taking": world.messenger.after}
    if moment in hooks:
        hooks[moment][phone(2)] = die
    elif moment == "last_taken":
        world.messenger.after[phone(5)] = die
    if moment == "begin":
        with killed_at_commit(world.engine):
            # Nothing of it was written, so nothing is handed over.
            world.together.send()
        assert world.bodies() == []
    elif moment == "noting":
        world.messenger.after[phone(5)] = lambda: event.listen(world.engine, "commit", die, once=True)
        with pytest.raises(Killed):
            world.together.send()
        assert len(world.bodies()) == 6
    else:
        with pytest.raises(Killed):
            world.together.send()
        assert SENDING in states(world, rows)
    world.wait(90)
    assert states(world, rows) == [SENT] * 6
    assert everybody_got_one(world, 6)


def test_what_the_provider_may_have_taken_is_looked_up_and_not_sent_again(world):
    rows = put(world, 4)
    world.messenger.raise_after_taking = OutcomeUnknown()
    world.run()
    assert states(world, rows)[0] == SENDING
    world.wait(60)
    assert states(world, rows) == [SENT] * 4
    assert everybody_got_one(world, 4)


def test_a_worker_that_was_frozen_hands_nothing_over_when_it_wakes(world):
    """What it had begun may have been looked up and sent by somebody else meanwhile."""
    seconds = [0.0]
    frozen = Together(
        world.engine,
        Sender(world.messenger, world.work, chance=lambda: 0.5),
        world.delivery,
        world.clock,
        hands=1,
        stopwatch=lambda: seconds[0],
    )
    rows = put(world, 4)

    def freeze():
        seconds[0] += HANDED_OVER_WITHIN_SECONDS + 60
        world.wait(60)

    world.messenger.after[phone(0)] = freeze
    frozen.send()
    assert states(world, rows) == [SENT] * 4
    assert everybody_got_one(world, 4)


def test_what_was_begun_too_long_ago_goes_back_to_the_queue_as_it_was(world):
    seconds = iter([0.0, 0.1, 9.0, 9.0, 9.0])
    sender = Sender(world.messenger, world.work, chance=lambda: 0.5)
    slow = Together(world.engine, sender, world.delivery, world.clock, 1, lambda: next(seconds))
    rows = put(world, 4)
    slow.send()
    assert states(world, rows) == [SENT, QUEUED, QUEUED, QUEUED]
    assert [world.message(row).attempts for row in rows] == [1, 0, 0, 0]
    world.run()
    assert everybody_got_one(world, 4)


def test_a_worker_told_to_stop_gives_back_what_it_has_not_handed_over(world):
    rows = put(world, 4)
    world.messenger.after[phone(1)] = world.together.stop
    world.together.send()
    assert states(world, rows) == [SENT, SENT, QUEUED, QUEUED]
    sender = Sender(world.messenger, world.work)
    Together(world.engine, sender, world.delivery, world.clock).send()
    assert everybody_got_one(world, 4)


def stop(world, row):
    with writing(world.engine) as session:
        person = session.get_one(Message, row).conversation.person
        consent.opt_out(session, person, world.clock(), durably=world.work)


def take_back(world, row):
    with writing(world.engine) as session:
        allowed = session.get_one(UnpromptedText, row).consent
        consent_ledger.revoke(session, allowed, world.clock(), "words")


def take_over(world, row):
    with writing(world.engine) as session:
        worker = CaseWorker(pseudonym="Heron", name="n", timezone=SEATTLE, added_at=world.clock())
        session.add(worker)
        session.flush()
        there = session.get_one(Message, row).conversation_id
        session.add(Takeover(conversation_id=there, case_worker_id=worker.id, began_at=world.clock()))


@pytest.mark.parametrize("what", [stop, take_back, take_over])
def test_what_is_taken_back_while_others_are_sent_is_not_sent(world, what):
    rows = put(world, 4)
    world.messenger.after[phone(1)] = lambda: what(world, rows[2])
    world.run()
    assert states(world, rows) == [SENT, SENT, WITHHELD, SENT]
    assert phone(2) not in {to for to, _, _ in world.messenger.sent}


def test_whoever_said_stop_before_is_not_texted(world):
    rows = put(world, 3)
    with writing(world.engine) as session:
        person = session.get_one(Message, rows[1]).conversation.person
        # Without the ledger: either alone is enough.
        person.opted_out_at = world.clock()
    world.run()
    assert states(world, rows) == [SENT, WITHHELD, SENT]


def snapshot(world, row, before):
    message = world.message(row)
    wait = message.next_try_at and message.next_try_at - world.clock()
    paged = {code: count - before.get(code, 0) for code, count in world.alerts().items()}
    return (
        message.state, message.error_code, message.waiting_for, wait, message.attempts, message.resends,
        {code for code, count in paged.items() if count},
        world.person(message.conversation.person.number).opted_out_at is not None,
        world.person(message.conversation.person.number).bad_number_at is not None,
    )  # fmt: skip


def test_every_error_code_has_the_same_action_as_for_one_text(world):
    numbers = iter(range(1000, 9000))

    def refused_by(code, send):
        there = phone(next(numbers))
        world.messenger.refused = {there: int(code)}
        row, before = world.put_unprompted("check_in", phone=there), world.alerts()
        send(row)
        found = snapshot(world, row, before)
        with writing(world.engine) as session:
            session.execute(update(Message).where(Message.id == row).values(state=WITHHELD))
        # Whatever it held up is over.
        world.clock.pass_by(hours=1)
        return found

    for code in table():
        together = refused_by(code, lambda _: world.together.send())
        assert together == refused_by(code, world.delivery.deliver), code


def test_one_that_is_refused_keeps_no_other_from_being_sent(world):
    rows = put(world, 5)
    world.messenger.refused = {phone(1): 21211, phone(3): 30007}
    world.run()
    assert states(world, rows) == [SENT, FAILED, SENT, FAILED, SENT]
    assert world.alerts() == {"30007": 1}
    assert not_arrived(world.engine, world.clock()) == [rows[3], rows[1]]


@pytest.mark.parametrize("code", [20003, 63038, 30022])
def test_trouble_with_all_of_them_is_met_once_and_the_others_wait(world, code):
    rows = put(world, 30)
    world.messenger.refused = {phone(number): code for number in range(30)}
    world.run()
    assert states(world, rows) == [QUEUED] * 30
    assert sum(world.message(row).attempts for row in rows) == 1
    world.messenger.refused = {}
    world.wait(1200, every=5)
    assert states(world, rows) == [SENT] * 30
    assert everybody_got_one(world, 30)
    assert world.alerts() == {}


def test_a_provider_that_is_away_is_not_stormed(world):
    rows = put(world, 40)
    world.messenger.away = TryAgain()
    world.wait(120)
    assert sum(world.message(row).attempts for row in rows) < 40
    world.messenger.away = None
    world.wait(120)
    assert states(world, rows) == [SENT] * 40


def test_one_row_that_cannot_be_read_keeps_no_other_from_leaving_and_rests(world, caplog):
    rows = put(world, 5)
    with writing(world.engine) as session:
        session.execute(text("UPDATE message SET body = 'spoilt' WHERE id = :row"), {"row": rows[2]})
    world.run()
    assert len(world.messenger.sent) == 4
    assert world.together.send() == 0
    assert f"text {rows[2]} could not be sent" in caplog.text
    later = world.put_unprompted("check_in", phone=OTHER)
    world.clock.pass_by(seconds=RESTS.total_seconds())
    assert world.together.send() == 2
    assert world.state(later) == SENT


def test_one_outcome_that_cannot_be_noted_keeps_no_other_from_being_noted(world):
    rows = put(world, 4)
    take = world.messenger.send
    without_sid = phone(1)

    class Forgetful:
        find = world.messenger.find

        def send(self, to, *more):
            sent = take(to, *more)
            return Sent(None, "queued") if to == without_sid else sent

    sender = Sender(Forgetful(), world.work, chance=lambda: 0.5)
    Together(world.engine, sender, world.delivery, world.clock, 1).send()
    assert states(world, rows) == [SENT, SENDING, SENT, SENT]
    world.wait(60)
    assert states(world, rows) == [SENT] * 4
    assert everybody_got_one(world, 4)


def test_texts_to_one_person_go_in_order(world):
    first = world.put_unprompted("check_in", phone=phone(0))
    second = world.put_unprompted("check_in_late", phone=phone(0))
    others = [world.put_unprompted("check_in", phone=phone(number)) for number in (1, 2)]
    world.messenger.raise_before_taking = TryAgain()
    world.together.send()
    assert (world.state(first), world.state(second)) == (QUEUED, QUEUED)
    world.wait(60)
    assert states(world, [first, second, *others]) == [SENT] * 4
    assert world.bodies(phone(0)) == [world.message(first).body, world.message(second).body]


def test_an_emergency_goes_before_what_is_left_of_a_batch(world):
    """No transaction is open while texts are handed over: an alert is written and sent in between."""
    put(world, 10)

    def emergency():
        (row,) = world.put("emergency_overdose", phone=OTHER)
        world.delivery.deliver(row)

    world.messenger.after[phone(1)] = emergency
    world.together.send()
    assert [to for to, _, _ in world.messenger.sent].index(OTHER) == 2
    assert len(world.messenger.sent) == 11


def test_several_workers_send_each_text_once(world):
    rows = put(world, 60)
    sender = Sender(world.messenger, world.work)
    workers = [Together(world.engine, sender, world.delivery, world.clock, 4) for _ in range(3)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda number: workers[number % 3].send(), range(12)))
    world.run()
    assert states(world, rows) == [SENT] * 60
    assert everybody_got_one(world, 60)


def test_texts_leave_no_faster_than_the_carriers_let_them(world):
    paced = type(world)(world.engine, world.clock, world.work, world.messenger, 2.0)
    rows = put(paced, 20)
    began = paced.clock()
    paced.wait(20, every=0.25)
    taken = [(at - began).total_seconds() for at in paced.sent_at()]
    assert states(paced, rows) == [SENT] * 20
    assert all(at >= number / 2 - 1 for number, at in enumerate(taken))


def test_a_text_of_several_parts_waits_for_the_part_before(world):
    row = world.put_unprompted("check_in", phone=phone(0))
    with writing(world.engine) as session:
        first = session.get_one(Message, row)
        session.add(
            Message(
                conversation_id=first.conversation_id,
                direction="out",
                body="second part",
                urgency=2,
                state=QUEUED,
                created_at=world.clock(),
                cause=first.cause,
                position=1,
                callback_id="second",
            )  # fmt: skip
        )
    world.run()
    assert world.bodies(phone(0)) == [world.message(row).body, "second part"]
