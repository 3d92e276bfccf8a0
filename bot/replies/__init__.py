"""Every word the line sends, read once from the replies files and filled in."""

from bot.replies.book import LANGUAGES, ReplyBook, load_replies
from bot.replies.wording import home_hears, render, render_spoken, spoken_hours, voicemail_says

__all__ = [
    "LANGUAGES",
    "ReplyBook",
    "home_hears",
    "load_replies",
    "render",
    "render_spoken",
    "spoken_hours",
    "voicemail_says",
]
