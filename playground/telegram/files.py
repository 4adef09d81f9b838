"""Files the bots have uploaded, kept in memory."""

import secrets
import struct
from dataclasses import dataclass, field
from typing import Any

from playground.telegram import limits
from playground.telegram.call import Call, Upload
from playground.telegram.errors import bad_request


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One uploaded file. ``id`` is what the Bot API calls ``file_id``."""

    id: str
    unique_id: str
    name: str
    mime: str
    data: bytes
    width: int = 0
    height: int = 0

    @property
    def path(self) -> str:
        return f"{'photos' if self.width else 'documents'}/{self.unique_id}/{self.name}"

    def document(self) -> dict[str, Any]:
        return {
            "file_name": self.name,
            "mime_type": self.mime,
            "file_id": self.id,
            "file_unique_id": self.unique_id,
            "file_size": len(self.data),
        }

    def photo(self) -> list[dict[str, Any]]:
        return [
            {
                "file_id": self.id,
                "file_unique_id": self.unique_id,
                "file_size": len(self.data),
                "width": self.width,
                "height": self.height,
            }
        ]


@dataclass(slots=True)
class FileStore:
    """All files of one playground; ``upload_limit`` is in bytes."""

    upload_limit: int
    by_id: dict[str, StoredFile] = field(default_factory=dict)

    def from_call(self, call: Call, name: str, *, photo: bool = False) -> StoredFile:
        """The file a call means by a parameter: uploaded now, or known by its id.

        Raises:
            ApiError: 400 when there is none, it is empty, too big, or no picture.
        """
        return self.meant(call.upload(name), call.text(name), name, photo=photo)

    def meant(self, upload: Upload | None, reference: str, name: str, *, photo: bool) -> StoredFile:
        if upload is not None:
            return self.store(upload, photo=photo)
        if not reference:
            raise bad_request(f"there is no {name} in the request")
        if reference.startswith(("http://", "https://")):
            raise bad_request("failed to get HTTP URL content")
        stored = self.by_id.get(reference)
        if stored is None:
            raise bad_request(
                "wrong remote file identifier specified: Wrong character in the string"
            )
        if bool(stored.width) != photo:
            wanted = "Photo" if photo else "Document"
            found = "Document" if photo else "Photo"
            raise bad_request(f"can't use file of type {found} as {wanted}")
        return stored

    def store(self, upload: Upload, *, photo: bool) -> StoredFile:
        if not upload.data:
            raise bad_request("file must be non-empty")
        if len(upload.data) > (limits.PHOTO_BYTES if photo else self.upload_limit):
            raise bad_request("file is too big")
        width, height = _photo_size(upload.data) if photo else (0, 0)
        stored = StoredFile(
            id="BQACAg" + secrets.token_urlsafe(36),
            unique_id="AgAD" + secrets.token_hex(6),
            name=_safe_name(upload.name),
            mime="image/jpeg" if photo and upload.data[:2] == b"\xff\xd8" else upload.mime,
            data=upload.data,
            width=width,
            height=height,
        )
        self.by_id[stored.id] = stored
        return stored

    def by_path(self, path: str) -> StoredFile | None:
        return next((stored for stored in self.by_id.values() if stored.path == path), None)


def _safe_name(name: str) -> str:
    return "".join(c for c in name.replace("\\", "/").split("/")[-1] if c >= " ")[:120] or "file"


def _photo_size(data: bytes) -> tuple[int, int]:
    """Width and height of a PNG, JPEG or WebP picture.

    Raises:
        ApiError: 400 with Telegram's codes for what is no photo or has impossible sides.
    """
    size = _png_size(data) or _jpeg_size(data) or _webp_size(data)
    if size is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = size
    if width + height > limits.PHOTO_SIDES or not width or not height:
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    if max(size) > limits.PHOTO_RATIO * min(size):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return size


def _png_size(data: bytes) -> tuple[int, int] | None:
    if data[:8] != b"\x89PNG\r\n\x1a\n" or len(data) < 24:
        return None
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    if data[:2] != b"\xff\xd8":
        return None
    position = 2
    while position + 9 < len(data) and data[position] == 0xFF:
        marker, length = data[position + 1], int.from_bytes(data[position + 2 : position + 4])
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", data[position + 5 : position + 9])
            return width, height
        position += 2 + length
    return None


def _webp_size(data: bytes) -> tuple[int, int] | None:
    if data[:4] != b"RIFF" or data[8:16] != b"WEBPVP8X" or len(data) < 30:
        return None
    return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
