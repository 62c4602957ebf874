"""Pictures that staff upload: checked, made small, stripped of everything but the picture."""

import secrets
import struct
from io import BytesIO
from typing import BinaryIO

from django.core.files.base import ContentFile
from PIL import Image, ImageOps

from realtime.commands import Refused

# Limits of the security list: nothing larger is decoded.
BYTES_LIMIT = 5 * 1024 * 1024
PIXELS_LIMIT = 24_000_000
FORMATS = ("JPEG", "PNG", "WEBP")


def store(upload: BinaryIO, *, width: int, height: int) -> ContentFile:
    """Return the picture as a new WebP of at most `width` x `height` pixels, without metadata, under a random name.

    Raises Refused (invalid) with a Chinese sentence for what is no JPEG, PNG or WebP, or is too large.
    """
    data = upload.read(BYTES_LIMIT + 1)
    if len(data) > BYTES_LIMIT:
        raise Refused("invalid", "图片超过5兆字节，请缩小后再上传。")
    upright = _decoded(data)
    upright.thumbnail((width, height))
    # White where it is transparent: a portrait that was cut out must not stand in the dark.
    clean = Image.new("RGB", upright.size, "white")
    clean.paste(upright, mask=upright if upright.mode == "RGBA" else None)
    out = BytesIO()
    clean.save(out, "WEBP", quality=82)
    return ContentFile(out.getvalue(), name=f"{secrets.token_hex(16)}.webp")


def _decoded(data: bytes) -> Image.Image:
    try:
        # Named formats only: the parsers with a history of holes are never reached.
        with Image.open(BytesIO(data), formats=FORMATS) as picture:
            # Before a pixel is read: the header tells what a decoder would have to make room for.
            _must_fit(picture)
            return ImageOps.exif_transpose(picture).convert("RGBA" if picture.has_transparency_data else "RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused("invalid", "图片的像素太多，最多2400万像素，请缩小后再上传。") from None
    except (OSError, ValueError, SyntaxError, struct.error):
        raise Refused("invalid", "这个文件不是可用的图片。请上传 JPEG、PNG 或 WebP 格式。") from None


def _must_fit(picture: Image.Image) -> None:
    if picture.width * picture.height > PIXELS_LIMIT:
        raise Refused("invalid", f"图片有{picture.width}×{picture.height}像素，最多2400万像素，请缩小后再上传。")
