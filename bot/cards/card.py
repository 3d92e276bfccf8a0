"""A vCard 3.0 (RFC 2426) of the line itself: which phones of every age open. No person is in it."""

CONTENT_TYPE = "text/vcard; charset=utf-8"
#: Carriers cut names longer than 20 characters.
FILE_NAME = "warmline.vcf"
NAME = "Warmline"


def vcard(number: str) -> str:
    """The card of a line that is texted at this number."""
    lines = (
        "BEGIN:VCARD",
        "VERSION:3.0",
        f"FN:{NAME}",
        f"N:;{NAME};;;",
        f"ORG:{NAME}",
        f"TEL;TYPE=CELL:{number}",
        "NOTE:Automated text line. In danger call 911.",
        "END:VCARD",
    )
    return "\r\n".join(lines) + "\r\n"
