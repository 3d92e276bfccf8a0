"""A square code as a drawing in the page itself: no picture is fetched, and no style is written into it."""

import segno
from markupsafe import Markup


def square_code(content: str) -> Markup:
    """SVG of a QR code of some text, which nobody but us has written."""
    drawn = segno.make(content, error="m", micro=False).svg_inline(
        border=3, omitsize=True, svgclass="square-code", lineclass=None, dark="#000", light="#fff"
    )
    return Markup(drawn)  # noqa: S704
