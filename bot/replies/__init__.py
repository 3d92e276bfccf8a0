"""Every word the line sends, read once from the replies files and filled in."""

from bot.replies.book import LANGUAGES, ReplyBook, load_replies
from bot.replies.wording import render, render_spoken

__all__ = ["LANGUAGES", "ReplyBook", "load_replies", "render", "render_spoken"]
