"""Whether a text in the provider's list is one of ours, by its words."""

#: What Twilio puts before every text of a trial account.
TRIAL_PREFIX = "Sent from your Twilio trial account - "


def same_words(listed: str, ours: str) -> bool:
    """Whether these are the same words, whatever space is at their ends."""
    return listed.removeprefix(TRIAL_PREFIX).strip() == ours.strip()
