"""Pictures for tests, honest and otherwise."""

import struct
import zlib
from io import BytesIO

from PIL import Image


def picture(kind="PNG", size=(800, 600), **options):
    out = BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, kind, **options)
    return BytesIO(out.getvalue())


def claiming(width, height):
    """A PNG of a few bytes whose header claims any size: what a decoder would have to make room for."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0")), (b"IEND", b"")]
    body = b"".join(struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks)
    return BytesIO(b"\x89PNG\r\n\x1a\n" + body)
