"""An address as a QR code."""

from io import BytesIO

import segno


def draw(address: str) -> bytes:
    """The code as SVG: black on white in any theme, with the quiet zone that readers need."""
    out = BytesIO()
    # Level M survives a crease in a poster.
    segno.make(address, error="m", micro=False).save(out, kind="svg", scale=4, border=4, dark="#000", light="#fff", xmldecl=False)
    return out.getvalue()
