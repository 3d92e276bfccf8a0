"""Status callbacks at the line's door. On SQLite and on PostgreSQL."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from bot.db import reading
from bot.models import MessageStatusEvent

SID = "SM" + "9" * 32


@pytest.fixture
def events(line):
    def read():
        with reading(line.engine) as session:
            rows = session.scalars(select(MessageStatusEvent).order_by(MessageStatusEvent.id)).all()
            return [(row.message_status, row.error_code, row.provider_at) for row in rows]

    return read


@pytest.mark.parametrize("form", [{}, {"MessageSid": SID}, {"MessageStatus": "sent"}, {"MessageSid": " "}])
def test_a_status_without_its_fields_is_let_pass(twilio, events, form):
    """Case 12."""
    assert twilio.post("/twilio/status/abc", form).status_code == 200
    assert events() == []


def test_the_older_names_of_the_fields_are_understood(twilio, events):
    twilio.post("/twilio/status", {"SmsSid": SID, "SmsStatus": "sent", "ErrorCode": "0"})
    assert events() == [("sent", "", None)]


@pytest.mark.parametrize("raw", ["", "yesterday", "9999999999", "2026-13-45T99:00"])
def test_a_time_that_cannot_be_read_costs_nothing(twilio, events, raw):
    """Case 31: the status is kept, and when it came."""
    form = {"MessageSid": SID, "MessageStatus": "delivered", "RawDlrDateDone": raw}
    assert twilio.post("/twilio/status/abc", form).status_code == 200
    assert events() == [("delivered", "", None)]


@pytest.mark.parametrize("raw", ["2611251830", "2026-11-25T10:30:00-08:00", "2026-11-25T18:30:00"])
def test_a_carrier_s_time_is_kept_in_utc(twilio, events, raw):
    """Case 32: with an offset, and without one."""
    twilio.post(
        "/twilio/status/abc", {"MessageSid": SID, "MessageStatus": "delivered", "RawDlrDateDone": raw}
    )
    assert events() == [("delivered", "", datetime(2026, 11, 25, 18, 30, tzinfo=UTC))]


def test_a_status_that_comes_again_is_kept_once(twilio, events):
    for _ in range(3):
        twilio.post("/twilio/status/abc", {"MessageSid": SID, "MessageStatus": "sent"})
    assert events() == [("sent", "", None)]
