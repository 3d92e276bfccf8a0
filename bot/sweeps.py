"""What the clock does. Each sweep is safe in any number of workers at once: the rows decide."""

from datetime import timedelta

from sqlalchemy import delete, select

from bot import (
    calls,
    check_ins,
    clock_went_back,
    delivery,
    floods,
    home_messages,
    incidents,
    joining,
    numbers,
    search,
    turn,
    using_alone,
)
from bot.bootstrap import Line
from bot.db import writing
from bot.models import DialogueTracker, WorkerHeartbeat
from bot.people import insert_or_ignore
from bot.sealing import key_name

#: A slot silent for this long is taken for gone; its supervisor restarts it in a second or two.
GONE_AFTER = timedelta(seconds=45)
FINISHED_KEPT = timedelta(hours=24)
#: As in nlu/tracker_store.py.
DIALOGUES_KEPT = timedelta(hours=12)


class Sweeps:
    """One worker's round of looking after what nobody else looks after."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._due_check_ins = check_ins.DueCheckIns(line.engine, line.durably)

    def beat(self) -> None:
        """Say that this slot lives. That is also how a clock that went back shows."""
        at, slot = self._line.clock(), self._line.settings.worker_slot
        with writing(self._line.engine) as session:
            clock_went_back.bring_back(session, slot, at)
            insert_or_ignore(session, WorkerHeartbeat, slot=slot, beat_at=at)
            beat = session.scalars(select(WorkerHeartbeat).where(WorkerHeartbeat.slot == slot)).one()
            beat.beat_at, beat.seals_with = at, key_name(self._line.settings.field_keys[0])

    def gone(self) -> None:
        """Take over the work of slots that stopped beating. The deleted row says who takes it."""
        silent = WorkerHeartbeat.beat_at < self._line.clock() - GONE_AFTER
        with writing(self._line.engine) as session:
            slots = session.scalars(
                delete(WorkerHeartbeat).where(silent).returning(WorkerHeartbeat.slot)
            ).all()
        for slot in slots:
            self._line.durably.adopt(slot)

    def promises(self) -> None:
        """Keep the check-ins that are due."""
        self._due_check_ins.keep(self._line.clock())

    def silences(self) -> None:
        """Follow up on check-ins that got no answer, and let go of those held for nobody."""
        check_ins.look_after(self._line.engine, self._line.clock(), self._line.durably)

    def timers(self) -> None:
        """Take the steps of using-alone timers whose wake-up was lost."""
        using_alone.step_overdue(self._line.engine, self._line.clock(), self._line.durably)

    def incidents(self) -> None:
        """Take the steps of emergencies nobody has taken, and see what became of their alerts."""
        incidents.step_overdue(self._line.engine, self._line.clock(), self._line.durably)

    def joined(self) -> None:
        """Take back what a case worker has not answered in time."""
        joining.return_unanswered(self._line.engine, self._line.clock(), self._line.durably)

    def search_index(self) -> None:
        """Make new texts findable by their words."""
        search.index_new(self._line.engine)

    def floods(self) -> None:
        """Answer the last text of those who sent too many at once, when they stop."""
        floods.over(self._line.engine, self._line.clock(), self._line.durably)

    def unanswered(self) -> None:
        """Take up texts, replies and calls that never settled."""
        turn.resume_stuck(self._line.engine, self._line.durably, self._line.clock())
        delivery.resume_stuck(self._line.engine, self._line.durably, self._line.clock())
        delivery.match_parked(self._line.engine, self._line.clock(), self._line.durably)
        self._line.calling.give_up_late()

    def calls(self) -> None:
        """Have scheduled calls rung."""
        calls.start_due(self._line.engine, self._line.clock(), self._line.durably)

    def lost_to_home(self) -> None:
        """Tell those whose text did not reach home."""
        home_messages.note_lost(self._line.engine, self._line.clock(), self._line.durably)

    def settle_calls(self) -> None:
        """Ask what became of calls whose end nobody told us."""
        self._line.calling.settle()

    def said_at_once(self) -> None:
        """See that the words of an emergency have left with the webhook's answer."""
        delivery.see_them_left(
            self._line.engine, self._line.messenger, self._line.durably, self._line.clock()
        )

    def reconcile(self) -> None:
        """Take in what Twilio has and we do not, and settle what became of what we sent."""
        self._line.reconciling.run()

    def dialogue_back(self) -> None:
        """Answer properly what the keyword menu answered while the dialogue model was away."""
        if turn.menu_answered(self._line.engine) and self._line.dialogue.ready():
            turn.answer_again(self._line.engine, self._line.durably, self._line.clock())

    def erasures(self) -> None:
        """Go on with erasures that the provider was not ready for."""
        self._line.afterwards.resume()

    def retention(self) -> None:
        """Forget, once a day, what has been kept for as long as it is kept."""
        self._line.retention.run_daily()

    def numbers(self) -> None:
        """Count the days that are over, for the page of numbers."""
        numbers.count_days(self._line.engine, self._line.clock(), self._line.settings.timezone)

    def purge(self) -> None:
        """Forget finished durable work, and dialogues that went quiet."""
        now = self._line.clock()
        self._line.durably.purge(now - FINISHED_KEPT)
        with writing(self._line.engine) as session:
            session.execute(delete(DialogueTracker).where(DialogueTracker.saved_at < now - DIALOGUES_KEPT))
