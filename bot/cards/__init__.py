"""The line's own contact card, for whoever asks to save its number."""

from bot.cards.asking import asks_for_card
from bot.cards.card import CONTENT_TYPE, FILE_NAME, vcard
from bot.cards.links import CardLinks

#: What `message.attached` says, and the reply that goes with it.
CARD, CARD_REPLY = "card", "contact_card"

__all__ = ["CARD", "CARD_REPLY", "CONTENT_TYPE", "FILE_NAME", "CardLinks", "asks_for_card", "vcard"]
