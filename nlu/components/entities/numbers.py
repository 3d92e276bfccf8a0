"""ZIP codes and telephone numbers."""

import re
from functools import lru_cache
from typing import List, Pattern, Text, Tuple

from components.entities.found import Found, own_page


@lru_cache(maxsize=None)
def _patterns() -> Tuple[Pattern[Text], Pattern[Text]]:
    page = own_page()
    zips = rf"(?<![\w.,$#+-])(\d{{5}})(?:-\d{{4}})?(?![\w-]|[.,]\d)(?!{page['zip']['house']})"
    return re.compile(zips, re.IGNORECASE), re.compile("|".join(page["phone_number"]["patterns"]))


def find(text: Text) -> List[Found]:
    """ZIPs as their five digits, telephone numbers as E.164."""
    if not any(letter.isdigit() for letter in text):
        return []
    zips, phones = _patterns()
    found = [Found("phone_number", *hit.span(), _e164(hit[0])) for hit in phones.finditer(text)]
    taken = [(one.start, one.end) for one in found]
    found += [
        Found("zip", *hit.span(), hit[1])
        for hit in zips.finditer(text)
        if not any(start < hit.end() and hit.start() < end for start, end in taken)
    ]
    return found


def _e164(written: Text) -> Text:
    digits = re.sub(r"\D", "", written)
    digits = re.sub(r"^(?:011|00)(?=\d{9})", "", digits) if not written.startswith("+") else digits
    return f"+{digits}" if len(digits) > 10 else f"+1{digits}"
