"""What can go wrong, named by what happened; the docstring is the message."""


class WarmlineError(Exception):
    """Something went wrong on the line."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.__doc__)


class SettingsError(WarmlineError):
    """A setting is missing or cannot be used."""


class SealBroken(WarmlineError):
    """A stored field cannot be opened with any of FIELD_KEYS."""


class DialogueUnavailable(WarmlineError):
    """The dialogue model did not answer in time, or not at all."""


class TryAgain(WarmlineError):
    """The provider did not take the request; sending it again later is safe."""

    def __init__(self, code: int | None = None) -> None:
        super().__init__()
        self.code = code


class OutcomeUnknown(TryAgain):
    """The provider may or may not have taken the request; look it up before sending it again."""


class Refused(WarmlineError):
    """The provider refused the request. Its code says whether for good."""

    def __init__(self, code: int | None) -> None:
        super().__init__(f"The provider refused the request (code {code}).")
        self.code = code


class RecipientOptedOut(Refused):
    """The recipient has told the provider to stop."""

    def __init__(self) -> None:
        super().__init__(21610)


class UnknownReply(WarmlineError):
    """A reply was asked for that is in no replies file."""


class TimeNotUnderstood(WarmlineError):
    """No time could be read from the text."""


class TimeNotPossible(WarmlineError):
    """The time read from the text is past or too far ahead."""


class TooOften(TimeNotPossible):
    """Texts were asked for more often than once a day."""


class TooManyCheckIns(WarmlineError):
    """One person has as many check-ins coming as the line will hold."""


class RosterError(WarmlineError):
    """The roster cannot be as it was asked to be."""


class EscalationInvalid(WarmlineError):
    """The escalation setting cannot be used."""


class ErasureHeld(WarmlineError):
    """Something comes before forgetting this person."""

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason


class NotFinal(TryAgain):
    """The provider erases nothing that is still under way."""


class NoSuchPerson(WarmlineError):
    """The line knows nobody by that pseudonym or number."""


class StaffError(WarmlineError):
    """That cannot be done with accounts of the inbox."""


class SignInRefused(StaffError):
    """The name, the password or the code is wrong, or the account may not sign in."""


class TooManyTries(StaffError):
    """Too many wrong sign-ins: no more are looked at for a while."""

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.seconds = seconds


class SignInBusy(StaffError):
    """Too many sign in at this moment."""


class InvitationInvalid(StaffError):
    """The invitation was used, has run out or was never made."""


class PasswordRefused(StaffError):
    """The password is too short or too easily guessed."""

    def __init__(self, why: str) -> None:
        super().__init__()
        #: "short", "long" or "guessed".
        self.why = why


class ProviderUnavailable(StaffError):
    """The agency's own sign-in does not answer."""


class ProviderRefused(StaffError):
    """What the agency's own sign-in sent back cannot be trusted."""


class AuditBroken(WarmlineError):
    """The audit log is not what was written."""


class InboxError(WarmlineError):
    """That cannot be done with this conversation."""


class UnknownConversation(InboxError):
    """There is no such conversation."""


class UnknownWorker(InboxError):
    """There is no such case worker, or they have left."""


class TakenBySomebody(InboxError):
    """Another case worker has the conversation."""

    def __init__(self, case_worker_id: int) -> None:
        super().__init__()
        self.case_worker_id = case_worker_id


class NotTaken(InboxError):
    """You do not have the conversation: take it over first."""


class NewerStands(InboxError):
    """Something was written since the text you answer."""

    def __init__(self, message_ids: tuple[int, ...]) -> None:
        super().__init__()
        #: What is newer, the oldest first.
        self.message_ids = message_ids


class PersonSaidStop(InboxError):
    """The person has asked for silence; only their START ends it."""


class TextUnusable(InboxError):
    """The text cannot be sent as it is."""

    def __init__(self, why: str, segments: int = 0) -> None:
        super().__init__()
        #: "empty" or "long".
        self.why = why
        self.segments = segments


class TagUnusable(InboxError):
    """A tag is 2 to 32 letters, digits, spaces or dashes."""


class NoteUnusable(InboxError):
    """A note is 1 to 10,000 letters."""


class OutcomeUnusable(InboxError):
    """An incident ends with one of the outcomes of bot/incidents/outcomes.yml."""


class ListingRefused(WarmlineError):
    """A correction of a listing that cannot be made. `key` is that of the words that say why."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key
