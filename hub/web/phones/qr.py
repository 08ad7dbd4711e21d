"""QR codes of links, as SVG that fits our content policy: no inline style."""

from io import BytesIO

import segno


def svg(text: str) -> str:
    """Return the SVG element; dark on white whatever the page's colours, with the quiet edge of
    four modules that cameras want."""
    made = BytesIO()
    drawn = segno.make(text, error="m")
    drawn.save(
        made,
        kind="svg",
        border=4,
        dark="#000",
        light="#fff",
        omitsize=True,
        xmldecl=False,
        nl=False,
    )
    return made.getvalue().decode()
