"""What people send becomes a plain JPEG: upright, not too large, without a word about phone and place."""

from io import BytesIO

import pytest
from PIL import Image

from core.media.photos import LARGEST_FILE, LONGEST_SIDE, MOST_PIXELS, UnusablePhoto, clean

ORIENTATION, GPS, MAKER = 0x0112, 0x8825, 0x010F


def picture(size: tuple[int, int] = (60, 40), mode: str = "RGB", kind: str = "JPEG", **how: object) -> bytes:
    out = BytesIO()
    Image.new(mode, size, "red").save(out, kind, **how)
    return out.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def test_nothing_about_phone_and_place_stays() -> None:
    exif = Image.Exif()
    exif[MAKER] = "Secret Phones"
    exif.get_ifd(GPS)[1] = "N"
    sent = picture(exif=exif, comment=b"taken at home")
    assert b"Secret Phones" in sent
    assert b"taken at home" in sent

    kept = clean(sent)

    assert not opened(kept).getexif()
    assert b"Exif" not in kept
    assert b"Secret Phones" not in kept
    assert b"taken at home" not in kept


def test_a_photo_taken_sideways_stands_upright() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    assert opened(clean(picture((60, 40), exif=exif))).size == (40, 60)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_large_ones_are_made_smaller_and_keep_their_shape(kind: str) -> None:
    kept = opened(clean(picture((4096, 1024), kind=kind)))
    assert (kept.format, kept.size) == ("JPEG", (LONGEST_SIDE, LONGEST_SIDE // 4))


def test_what_is_transparent_becomes_white() -> None:
    out = BytesIO()
    Image.new("RGBA", (4, 4), (255, 0, 0, 0)).save(out, "PNG")
    assert opened(clean(out.getvalue())).getpixel((1, 1)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "no JPEG, PNG or WebP"),
        (b"%PDF-1.7 not a picture", "no JPEG, PNG or WebP"),
        (picture(kind="GIF"), "no JPEG, PNG or WebP"),
        (picture((600, 400), kind="PNG")[:-40], "damaged"),
        (picture((MOST_PIXELS // 8000 + 1, 8000), mode="1", kind="PNG"), "too many pixels"),
        (picture((20_000, 20_000), mode="1", kind="PNG"), "too many pixels"),
        (b"\xff" * (LARGEST_FILE + 1), "more than 20 MB"),
    ],
    ids=["empty", "pdf", "gif", "cut off", "large", "bomb", "heavy"],
)
def test_what_cannot_be_used_is_refused_with_a_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(UnusablePhoto, match=sentence):
        clean(content)
