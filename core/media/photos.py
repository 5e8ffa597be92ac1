"""From the bytes somebody sent to a photo that is safe to keep and show: a JPEG of known size that says nothing about the
phone it was made with or the place where."""

from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

LARGEST_FILE = 20 * 1024 * 1024
MOST_PIXELS = 64_000_000
LONGEST_SIDE = 2048
QUALITY = 85
FORMATS = ("JPEG", "PNG", "WEBP")


class UnusablePhoto(Exception):
    """`args[0]` is a sentence for the person who sent it."""


def clean(content: bytes) -> bytes:
    """Upright, at most LONGEST_SIDE pixels a side, without metadata. Raises UnusablePhoto."""
    if len(content) > LARGEST_FILE:
        raise UnusablePhoto(f"The photo has more than {LARGEST_FILE // 1024 // 1024} MB.")
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as image:
            return _encoded(image)
    except UnidentifiedImageError:
        raise UnusablePhoto("This is no JPEG, PNG or WebP picture.") from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise UnusablePhoto("The photo has too many pixels.") from None
    except (OSError, SyntaxError, ValueError):  # what Pillow raises for damaged files
        raise UnusablePhoto("The picture is damaged.") from None


def _encoded(image: Image.Image) -> bytes:
    if image.width * image.height > MOST_PIXELS:
        raise UnusablePhoto("The photo has too many pixels.")
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a large JPEG is decoded at a fraction of its size
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    fresh = Image.new("RGB", upright.size, "white")  # a new picture: no EXIF, place, comment or profile can come along
    shape = upright.convert("RGBA") if upright.has_transparency_data else None
    fresh.paste(shape or upright.convert("RGB"), mask=shape)
    out = BytesIO()
    fresh.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
