"""People, what was said, and what was promised. The directory's tables are in services_directory."""

from bot.models.audit import AuditEntry, AuditReason
from bot.models.base import Base
from bot.models.calls import TO_HOMES, Call, CallPurpose, CallState, HomeMessage, HomeRefusal, Outcome
from bot.models.check_ins import CheckIn, CheckInKind, CheckInSeries, CheckInState, SeriesState
from bot.models.consents import Consent, Purpose, UnpromptedText
from bot.models.erasures import (
    CopyKind,
    ErasedCopy,
    Erasure,
    ErasureBy,
    PastIncident,
    RetentionRun,
    Suppression,
)
from bot.models.incidents import Incident, IncidentEvent, IncidentSource, IncidentState
from bot.models.joining import Ended, Takeover, WorkerText
from bot.models.marks import (
    CaseNote,
    ConversationTag,
    PersonNeeded,
    ReadPosition,
    Reason,
    Tag,
    Thread,
    ThreadEvent,
    ThreadState,
)
from bot.models.messages import Direction, InboundMedia, Message, MessageState, MessageStatusEvent
from bot.models.opt_outs import OptOut, OptOutBy
from bot.models.people import Conversation, Person
from bot.models.roster import CaseWorker, LineSetting, Shift
from bot.models.sending import DeliveryAlert, Reconciliation, SendingPace
from bot.models.staff import SignInThrottle, StaffAccount, StaffRecoveryCode, StaffSession
from bot.models.totals import DailyCount
from bot.models.understanding import SearchPending, SearchWord, Understanding
from bot.models.using_alone import TimerState, UsingAloneTimer
from bot.models.work import DialogueTracker, WebhookRefusal, WorkerHeartbeat

__all__ = [
    "TO_HOMES", "AuditEntry", "AuditReason", "Base", "Call", "CallPurpose", "CallState", "CaseNote",
    "CaseWorker", "CheckIn", "CheckInKind", "CheckInSeries", "CheckInState", "Consent", "Conversation",
    "ConversationTag", "CopyKind", "DailyCount", "DeliveryAlert", "DialogueTracker", "Direction",
    "Ended", "ErasedCopy", "Erasure", "ErasureBy", "HomeMessage", "HomeRefusal", "InboundMedia",
    "Incident", "IncidentEvent", "IncidentSource", "IncidentState", "LineSetting", "Message",
    "MessageState", "MessageStatusEvent", "OptOut", "OptOutBy", "Outcome", "PastIncident", "Person",
    "PersonNeeded", "Purpose", "ReadPosition", "Reason", "Reconciliation", "RetentionRun",
    "SearchPending", "SearchWord", "SendingPace", "SeriesState", "Shift", "SignInThrottle",
    "StaffAccount", "StaffRecoveryCode", "StaffSession", "Suppression", "Tag", "Takeover", "Thread",
    "ThreadEvent", "ThreadState", "TimerState", "Understanding", "UnpromptedText", "UsingAloneTimer",
    "WebhookRefusal", "WorkerHeartbeat", "WorkerText",
]  # fmt: skip
