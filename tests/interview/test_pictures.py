from io import BytesIO

import pytest
from PIL import Image

from interview import pictures
from realtime.commands import Refused
from tests.interview.images import claiming, picture, with_a_broken_note


def stored(file):
    return Image.open(BytesIO(file.read()))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_becomes_a_small_webp_under_a_name_nobody_guesses(kind):
    file = pictures.store(picture(kind), width=400, height=400)
    assert (stored(file).format, stored_size(file), len(file.name)) == ("WEBP", (400, 300), 37)


def stored_size(file):
    file.seek(0)
    return stored(file).size


def test_a_small_picture_keeps_its_size():
    assert stored(pictures.store(picture(size=(20, 10)), width=400, height=400)).size == (20, 10)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_becomes_white(mode):
    cut_out = Image.new("RGBA", (40, 30), (0, 0, 0, 0))
    cut_out.paste((200, 30, 30, 255), (20, 0, 40, 30))
    out = BytesIO()
    cut_out.convert(mode).save(out, "PNG")
    left, right = (stored(pictures.store(BytesIO(out.getvalue()), width=40, height=30)).getpixel((x, 15)) for x in (5, 35))
    assert (min(left) > 250, max(right) < 230) == (True, True)


def test_where_it_was_taken_is_not_kept():
    exif = Image.Exif()
    exif[0x010E] = "湖滨路12号"
    file = pictures.store(picture("JPEG", exif=exif), width=400, height=400)
    assert dict(stored(file).getexif()) == {}


def test_a_picture_taken_sideways_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    assert stored(pictures.store(picture("JPEG", size=(80, 60), exif=exif), width=400, height=400)).size == (60, 80)


@pytest.mark.parametrize(
    ("upload", "sentence"),
    [
        (BytesIO(b"%PDF-1.7 no picture"), "这个文件不是可用的图片。请上传 JPEG、PNG 或 WebP 格式。"),
        (BytesIO(b""), "这个文件不是可用的图片。请上传 JPEG、PNG 或 WebP 格式。"),
        (BytesIO(picture().getvalue()[:200]), "这个文件不是可用的图片。请上传 JPEG、PNG 或 WebP 格式。"),
        (with_a_broken_note(), "这个文件不是可用的图片。请上传 JPEG、PNG 或 WebP 格式。"),
        (picture("GIF"), "这个文件不是可用的图片。请上传 JPEG、PNG 或 WebP 格式。"),
        (claiming(10_000, 5_000), "图片有10000×5000像素，最多2400万像素，请缩小后再上传。"),
        (claiming(60_000, 60_000), "图片的像素太多，最多2400万像素，请缩小后再上传。"),
        (BytesIO(b"\xff" * (5 * 1024 * 1024 + 1)), "图片超过5兆字节，请缩小后再上传。"),
    ],
    ids=["no picture", "empty", "cut off", "a broken note", "another format", "50 megapixels", "a bomb", "too many bytes"],
)
def test_what_is_no_usable_picture_is_refused_with_the_remedy(upload, sentence):
    with pytest.raises(Refused) as refusal:
        pictures.store(upload, width=400, height=400)
    assert (refusal.value.code, refusal.value.detail) == ("invalid", sentence)
