"""Encryption at rest and keyed hashes, from the keys that an operator keeps outside the database.

AES-256-GCM; a stored value is the key's id (2 bytes), a random nonce (12 bytes), then ciphertext and tag.
Which columns are encrypted is said by the models; moving them to a new key is `storage.rotation`'s.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from dataclasses import dataclass
from functools import cached_property

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
KEY_ID_BYTES = 2
NONCE_BYTES = 12
HASH_BYTES = 16
_HIGHEST_KEY_ID = 256**KEY_ID_BYTES - 1
_LOOKUP_INFO = b"community-safety-bot lookup 1"
_HISTORY_INFO = b"community-safety-bot history 1"


class KeysNotUnderstood(ValueError):
    """The text of ENCRYPTION_KEYS can't be read; the message says what to correct, and shows no key."""


class WrongKey(Exception):
    """A stored value doesn't open with the keys at hand; the message says what to do."""


class KeyringMissing(RuntimeError):
    """An encrypted column was used before a database was opened with its keys."""


@dataclass(frozen=True, slots=True)
class Key:
    """One AES-256 key and the id that is stored in front of whatever it encrypts."""

    id: int
    secret: bytes

    def __repr__(self) -> str:
        return f"Key(id={self.id})"


@dataclass(frozen=True)
class Keyring:
    """All keys, newest first. The newest encrypts; every one of them decrypts.

    Look-ups (`chat_key`, `hash_text`) and the chain of the history are keyed from the *oldest* key, so that a
    new key put in front leaves them as they are. The oldest key must therefore stay in the list for as long as
    these are stored.
    """

    keys: tuple[Key, ...]

    @classmethod
    def from_text(cls, text: str) -> Keyring:
        """Read ``"2:base64key,1:base64key"``, newest first. Raises KeysNotUnderstood."""
        parts = [part.strip() for part in text.split(",") if part.strip()]
        if not parts:
            raise KeysNotUnderstood("ENCRYPTION_KEYS is empty; it needs at least one key such as 1:BASE64KEY")
        keys = tuple(_read_key(part) for part in parts)
        if len({key.id for key in keys}) < len(keys):
            raise KeysNotUnderstood("ENCRYPTION_KEYS uses one number for two keys; give each its own number")
        return cls(keys)

    @property
    def newest(self) -> Key:
        """The key that encrypts."""
        return self.keys[0]

    @cached_property
    def newest_prefix(self) -> bytes:
        """The bytes with which every value under the newest key begins."""
        return _prefix(self.newest.id)

    def encrypt(self, plain: bytes, context: bytes) -> bytes:
        """Encrypt under the newest key. ``context`` ("table.column") must be given again to decrypt."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._ciphers[self.newest_prefix].encrypt(nonce, plain, context)
        return self.newest_prefix + nonce + sealed

    def decrypt(self, stored: bytes, context: bytes) -> bytes:
        """The plain bytes. Raises WrongKey: key absent, key changed, value damaged or of another column."""
        prefix, rest = stored[:KEY_ID_BYTES], stored[KEY_ID_BYTES:]
        cipher = self._ciphers.get(prefix)
        if cipher is None:
            raise WrongKey(
                f"A value in {context.decode()} was encrypted with key {int.from_bytes(prefix)}, "
                "which is not in ENCRYPTION_KEYS. Put that key back at the end of the list and start again."
            )
        try:
            return cipher.decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], context)
        except (InvalidTag, ValueError) as error:
            raise WrongKey(
                f"A value in {context.decode()} does not open with key {int.from_bytes(prefix)}. Either this "
                "key in ENCRYPTION_KEYS is not the one that the database was written with (put the right one "
                "back), or the value was damaged or moved (restore a backup)."
            ) from error

    def chat_key(self, chat_id: int) -> int:
        """What stands for a Telegram chat or user id in clear columns and locks: a signed 64-bit integer."""
        return int.from_bytes(self._lookup_digest(str(chat_id).encode())[:8], signed=True)

    def hash_text(self, purpose: str, text: str) -> bytes:
        """A keyed hash (16 bytes) to find ``text`` by. Normalise it first; purposes never share hashes."""
        return self._lookup_digest(purpose.encode() + b"\0" + text.encode())[:HASH_BYTES]

    def history_mac(self) -> hmac.HMAC:
        """A keyed SHA-256 to be fed with what the history says: nobody without the keys can make its digest."""
        return hmac.new(self._history_key, digestmod=hashlib.sha256)

    def history_digest(self, content: bytes) -> bytes:
        """The digest (32 bytes) of what the history says."""
        return hmac.digest(self._history_key, content, hashlib.sha256)

    def _lookup_digest(self, message: bytes) -> bytes:
        return hmac.digest(self._lookup_key, message, hashlib.sha256)

    @cached_property
    def _lookup_key(self) -> bytes:
        return self._derive(_LOOKUP_INFO)

    @cached_property
    def _history_key(self) -> bytes:
        return self._derive(_HISTORY_INFO)

    def _derive(self, info: bytes) -> bytes:
        derive = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info)
        return derive.derive(self.keys[-1].secret)

    @cached_property
    def _ciphers(self) -> dict[bytes, AESGCM]:
        return {_prefix(key.id): AESGCM(key.secret) for key in self.keys}


def new_key_text(key_id: int = 1) -> str:
    """A fresh random key as ENCRYPTION_KEYS wants it, such as ``1:BASE64KEY``."""
    return f"{key_id}:{base64.urlsafe_b64encode(os.urandom(KEY_BYTES)).decode()}"


_keyring: Keyring | None = None


def use_keyring(keyring: Keyring) -> None:
    """Give the encrypted columns of this process their keys.

    Column types have no other way to reach them. `Database` calls this when it opens, so one process works
    with one keyring at a time: the last one opened.
    """
    global _keyring
    _keyring = keyring


def keyring_in_use() -> Keyring:
    """The keyring of this process. Raises KeyringMissing before a database was opened."""
    if _keyring is None:
        raise KeyringMissing("no keys yet: open the database with its keyring first")
    return _keyring


def _read_key(part: str) -> Key:
    number, colon, encoded = part.partition(":")
    if not colon or not number.strip().isdecimal() or not 0 < int(number) <= _HIGHEST_KEY_ID:
        raise KeysNotUnderstood(
            f"each key in ENCRYPTION_KEYS is a number from 1 to {_HIGHEST_KEY_ID}, a colon and the key, "
            "such as 1:BASE64KEY"
        )
    try:
        secret = base64.b64decode(encoded.strip(), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise KeysNotUnderstood(f"key {int(number)} in ENCRYPTION_KEYS is not base64") from None
    if len(secret) != KEY_BYTES:
        raise KeysNotUnderstood(
            f"key {int(number)} in ENCRYPTION_KEYS has {len(secret)} bytes; it needs {KEY_BYTES}"
        )
    return Key(int(number), secret)


def _prefix(key_id: int) -> bytes:
    return key_id.to_bytes(KEY_ID_BYTES)
