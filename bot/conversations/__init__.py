"""What case workers read: the list and a thread (docs/joining.md)."""

from bot.conversations.changes import list_token, thread_token
from bot.conversations.filters import Filter
from bot.conversations.listing import Listed, Page, page
from bot.conversations.thread import Entry, ThreadPage, thread_page

__all__ = [
    "Entry",
    "Filter",
    "Listed",
    "Page",
    "ThreadPage",
    "list_token",
    "page",
    "thread_page",
    "thread_token",
]
