"""Text as directories hold it, made fit to keep and to send: no markup, no control characters."""

import html
import re
import unicodedata

#: What stands for "nothing" in a cell.
NOTHING = frozenset(
    {
        "",
        "null",
        "none",
        "nan",
        "n/a",
        "na",
        "nil",
        "#n/a",
        "-",
        "--",
        "undefined",
        "nat",
        r"\n",
        "(null)",
        ".",
    }
)
#: Longer than any description; more is a fault of the file.
LONGEST = 20_000
#: Windows's punctuation, read as Latin-1.
_WINDOWS = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060\ufeff\ufffe\uffff\u00ad]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8}\d?);", re.I)
_HIDDEN = re.compile(r"<(script|style)\b.*?</\1\s*>", re.I | re.S)
_BREAK = re.compile(r"<\s*(?:br|/p|/div|/li|/tr|/h[1-6]|/ul|/ol)\s*/?\s*>", re.I)
_TAG = re.compile(
    r"</?(?:a|abbr|b|blockquote|br|center|div|em|font|h[1-6]|hr|i|img|li|ol|p|script|small|span|strong|style"
    r"|sub|sup|table|tbody|td|th|thead|tr|u|ul|o:p)\b[^<>]*>",
    re.I,
)
_SPACES = re.compile(r"[ \t\u00a0]+")
_LINES = re.compile(r" ?\n[\n ]*")


def tidy(value: str) -> str | None:
    """The text without markup, control characters and needless space; None when nothing is left.

    Tidying what is tidy changes nothing, so that what was exported imports back alike.
    """
    text = value.strip()
    if not text.isascii() or not text.isprintable() or "<" in text or "&" in text or "  " in text:
        text = _plain(text)
    if len(text) > LONGEST:
        text = text[:LONGEST].rstrip()
    return None if len(text) < 10 and text.casefold() in NOTHING else text


def _plain(text: str) -> str:
    text = _SURROGATE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n")).translate(_WINDOWS)
    while True:
        before = text
        text = _TAG.sub("", _BREAK.sub("\n", _HIDDEN.sub("", text))) if "<" in text else text
        text = _ENTITY.sub(lambda found: html.unescape(found[0]), text) if "&" in text else text
        text = _CONTROL.sub("", text)
        if text == before:
            break
    if "\n" in text or "\t" in text or "  " in text or "\u00a0" in text:
        text = _LINES.sub("\n", _SPACES.sub(" ", text))
    return _SURROGATE.sub("\ufffd", unicodedata.normalize("NFC", text)).strip()
