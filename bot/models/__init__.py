"""People, what was said, and what was promised. The directory's tables are in services_directory."""

from bot.models.audit import AuditEntry, AuditReason
from bot.models.base import Base
from bot.models.calls import Call, CallPurpose, CallState, HomeMessage, HomeRefusal, Outcome
from bot.models.check_ins import CheckIn, CheckInKind, CheckInSeries, CheckInState, SeriesState
from bot.models.consents import Consent, Purpose, UnpromptedText
from bot.models.incidents import Incident, IncidentEvent, IncidentSource, IncidentState
from bot.models.messages import Direction, InboundMedia, Message, MessageState, MessageStatusEvent
from bot.models.opt_outs import OptOut, OptOutBy
from bot.models.people import Conversation, Person
from bot.models.roster import CaseWorker, LineSetting, Shift, Takeover
from bot.models.sending import DeliveryAlert, Reconciliation, SendingPace
from bot.models.staff import SignInThrottle, StaffAccount, StaffRecoveryCode, StaffSession
from bot.models.totals import DailyCount
from bot.models.using_alone import TimerState, UsingAloneTimer
from bot.models.work import DialogueTracker, WebhookRefusal, WorkerHeartbeat

__all__ = [
    "AuditEntry", "AuditReason", "Base", "Call", "CallPurpose", "CallState", "CaseWorker",
    "CheckIn", "CheckInKind", "CheckInSeries", "CheckInState",
    "Consent", "Conversation", "DailyCount", "DeliveryAlert", "DialogueTracker", "Direction",
    "HomeMessage", "HomeRefusal", "InboundMedia", "Incident", "IncidentEvent", "IncidentSource",
    "IncidentState", "LineSetting", "Message", "MessageState", "MessageStatusEvent", "OptOut", "OptOutBy",
    "Outcome", "Person", "Purpose", "Reconciliation", "SendingPace", "SeriesState", "Shift", "SignInThrottle",
    "StaffAccount", "StaffRecoveryCode", "StaffSession", "Takeover",
    "TimerState", "UnpromptedText", "UsingAloneTimer", "WebhookRefusal", "WorkerHeartbeat",
]  # fmt: skip
