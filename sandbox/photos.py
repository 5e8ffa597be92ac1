"""Files people and the bot send, and a real JPEG for those who have no camera."""

import colorsys
import hashlib
import io
import mimetypes
import secrets
from dataclasses import dataclass

from PIL import Image, ImageDraw, UnidentifiedImageError


@dataclass(frozen=True)
class StoredFile:
    id: str
    name: str
    mime: str
    data: bytes
    sha256: str
    width: int = 0
    height: int = 0

    @property
    def url(self) -> str:
        return f"/control/files/{self.id}/{self.name}"


class Files:
    def __init__(self) -> None:
        self._files: dict[str, StoredFile] = {}

    def keep(self, data: bytes, name: str, mime: str | None = None, prefix: str = "F") -> StoredFile:
        kind = mime or mimetypes.guess_type(name)[0] or "application/octet-stream"
        width, height = size_of(data) if kind.startswith("image/") else (0, 0)
        identity = f"{prefix}{secrets.token_hex(6).upper()}"
        stored = StoredFile(identity, name, kind, data, hashlib.sha256(data).hexdigest(), width, height)
        self._files[identity] = stored
        return stored

    def find(self, file_id: str) -> StoredFile | None:
        return self._files.get(file_id)

    def forget(self, file_id: str) -> None:
        self._files.pop(file_id, None)


def size_of(data: bytes) -> tuple[int, int]:
    """Pixels of an image, (0, 0) for what is none."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            return image.size
    except UnidentifiedImageError:
        return 0, 0


def make_jpeg(words: str, number: int = 1, width: int = 640, height: int = 480) -> bytes:
    """A small scene whose colour depends on the number, so that two photos are told apart."""
    red, green, blue = (int(255 * part) for part in colorsys.hsv_to_rgb(number * 0.19 % 1, 0.35, 0.75))
    image = Image.new("RGB", (width, height), (red, green, blue))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, height * 2 // 3, width, height), fill=(red // 2, green // 2, blue // 2))
    draw.ellipse((width // 3, height // 4, width * 2 // 3, height * 3 // 4), outline=(255, 255, 255), width=4)
    draw.text((12, 12), f"{words} {number}"[:80].encode("ascii", "replace").decode(), fill=(255, 255, 255))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()
