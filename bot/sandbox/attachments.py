"""What a person can send besides text. The contents are invented: small pictures, silence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.chats import Account, Json
from bot.sandbox.entities import typed_entities
from bot.sandbox.media_methods import media_fields
from bot.sandbox.pictures import picture

if TYPE_CHECKING:
    from bot.sandbox.screen import Seen
    from bot.sandbox.world import Telegram


class Attachments:
    """Half of a Person: sending files, places and oddities. Each counts as one action."""

    world: Telegram
    account: Account
    phone: str
    place: tuple[float, float]
    attached: int

    def _send(self, fields: Json, *, group: int | None = None, view_once: bool = False) -> Seen:
        raise NotImplementedError

    def send_photo(
        self,
        caption: str = "",
        *,
        media_group: str | None = None,
        content: bytes | None = None,
        size: int | None = None,
    ) -> Seen:
        """A photo, recompressed by the app: JPEG without camera data."""
        self.attached += 1
        return self._send(self._photo(caption, content, size, media_group))

    def send_album(self, count: int, caption: str = "") -> list[Seen]:
        """Several photos at once: separate messages with one group id, the caption on the first."""
        self.attached += 1
        group = str(13_500_000_000_000_000 + self.world.version)
        return [self._send(self._photo("" if n else caption, None, None, group)) for n in range(count)]

    def send_document(
        self,
        name: str = "notes.pdf",
        *,
        mime_type: str = "application/pdf",
        content: bytes = b"%PDF-1.4 invented",
        size: int | None = None,
        caption: str = "",
    ) -> Seen:
        """A file. ``size`` in bytes, where it is to be larger than its content."""
        return self._attach("document", content, size, caption, file_name=name, mime_type=mime_type)

    def send_voice(self, seconds: int = 5, *, size: int | None = None, caption: str = "") -> Seen:
        """A voice note."""
        content = b"OggS" + bytes(60) + b"OpusHead" + bytes(28)
        return self._attach("voice", content, size, caption, duration=seconds, mime_type="audio/ogg")

    def send_video(self, seconds: int = 20, *, size: int | None = None, caption: str = "") -> Seen:
        """A video; ``size=25 * 2**20`` is one that the bot can't fetch."""
        details: Json = {"duration": seconds, "width": 1280, "height": 720, "mime_type": "video/mp4"}
        return self._attach("video", _MP4, size, caption, **details)

    def send_video_note(self, seconds: int = 10) -> Seen:
        """A round video."""
        return self._attach("video_note", _MP4, None, "", duration=seconds, length=384)

    def send_animation(self) -> Seen:
        """A GIF: Telegram adds it as a document too."""
        self.attached += 1
        details: Json = {"duration": 2, "width": 320, "height": 240, "mime_type": "video/mp4"}
        file = self.world.files.add("animation", _MP4, **details).as_json()
        document = {key: file[key] for key in ("file_id", "file_unique_id", "file_size", "mime_type")}
        return self._send({"animation": file, "document": document})

    def send_sticker(self, emoji: str = "👍") -> Seen:
        """A sticker."""
        details: Json = {
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
        }
        return self._attach("sticker", b"RIFF\0\0\0\0WEBP", None, "", emoji=emoji, **details)

    def send_dice(self, value: int = 4) -> Seen:
        """A thrown die."""
        self.attached += 1
        return self._send({"dice": {"emoji": "🎲", "value": value}})

    def send_poll(
        self, question: str = "Tea or coffee?", options: tuple[str, ...] = ("Tea", "Coffee")
    ) -> Seen:
        """A poll."""
        self.attached += 1
        poll = {
            "id": str(5_000_000_000 + self.world.version),
            "question": question,
            "options": [{"persistent_id": o, "text": o, "voter_count": 0} for o in options],
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": True,
            "type": "regular",
            "allows_multiple_answers": False,
            "allows_revoting": False,
            "members_only": False,
        }
        return self._send({"poll": poll})

    def send_location(
        self, latitude: float | None = None, longitude: float | None = None, *, live: bool = False
    ) -> Seen:
        """A place; where they are (``place``) unless another is given. A live one says for how long."""
        self.attached += 1
        location: Json = {
            "latitude": self.place[0] if latitude is None else latitude,
            "longitude": self.place[1] if longitude is None else longitude,
        }
        if live:
            location |= {"live_period": 900, "horizontal_accuracy": 12.0}
        return self._send({"location": location})

    def send_contact(
        self, phone: str | None = None, *, user_id: int | None = None, first_name: str | None = None
    ) -> Seen:
        """A contact card: their own, or, with ``phone``, somebody else's (with their id, if given)."""
        self.attached += 1
        own = phone is None
        contact: Json = {
            "phone_number": self.phone if own else phone,
            "first_name": first_name or self.account.first_name,
        }
        card_of = self.account.user_id if own else user_id
        if card_of is not None:
            contact["user_id"] = card_of
        return self._send({"contact": contact})

    def send_view_once(self) -> Seen:
        """A photo that destroys itself: on the screen it looks sent, the bot never gets it."""
        self.attached += 1
        return self._send(self._photo("", None, None, None), view_once=True)

    def _photo(self, caption: str, content: bytes | None, size: int | None, group: str | None) -> Json:
        content = picture(self.world.version) if content is None else content
        file = self.world.files.add("photo", content, size=size, width=640, height=480)
        fields = media_fields(file) | _caption(caption)
        return fields | {"media_group_id": group} if group else fields

    def _attach(self, kind: str, content: bytes, size: int | None, caption: str, **details: Any) -> Seen:
        self.attached += 1
        file = self.world.files.add(kind, content, size=size, **details)
        return self._send({kind: file.as_json()} | _caption(caption))


_MP4 = b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2" + bytes(64)


def _caption(caption: str) -> Json:
    if not caption:
        return {}
    entities = typed_entities(caption)
    return {"caption": caption} | ({"caption_entities": entities} if entities else {})
