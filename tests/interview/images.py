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


def with_a_broken_note():
    """A picture taken sideways in whose Exif a text stands where a number belongs: reading it is fine, turning it is not."""
    entries = struct.pack(">HHI4s", 0x0152, 2, 2, b"x") + struct.pack(">HHIHH", 0x0112, 3, 1, 6, 0)
    return picture("JPEG", exif=b"Exif\0\0MM\0*" + struct.pack(">IH", 8, 2) + entries + bytes(4))
