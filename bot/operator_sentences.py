"""One sentence for the operator about each thing that may go wrong outside the program.

Bugs of our own are not here: they go to the log with all their detail.
"""

from __future__ import annotations


def sentence_of(error: BaseException) -> str | None:
    """What happened and what to do; None when the error is a bug and has no better words."""
    for look in (_of_our_own, _of_telegram, _of_database, _of_system):
        sentence = look(error)
        if sentence is not None:
            return sentence
    return None


def _of_our_own(error: BaseException) -> str | None:
    from babel.messages.pofile import PoFileError

    from bot.settings import SettingsError
    from casework.policy import PolicyError
    from storage.crypto import KeysNotUnderstood, WrongKey
    from storage.database import DatabaseUrlNotUnderstood

    if isinstance(error, PolicyError):  # a line a problem
        return "\n".join(f"POLICY_FILE: {line}" for line in str(error).splitlines())
    ours = (SettingsError, KeysNotUnderstood, WrongKey, DatabaseUrlNotUnderstood, PoFileError)
    return str(error) if isinstance(error, ours) else None


def _of_telegram(error: BaseException) -> str | None:
    from telegram.error import InvalidToken, NetworkError

    if isinstance(error, InvalidToken):
        return "Telegram does not know this BOT_TOKEN. Copy it from @BotFather once more."
    if isinstance(error, NetworkError):
        return "Telegram does not answer. Look at the network and at TELEGRAM_API_URL."
    return None


def _of_database(error: BaseException) -> str | None:
    from sqlalchemy.exc import ArgumentError, DBAPIError

    if isinstance(error, ArgumentError):
        return "DATABASE_URL is not the address of a database."
    if isinstance(error, DBAPIError):
        reason = (str(error.orig).strip().splitlines() or [type(error.orig).__name__])[0]
        return f"The database of DATABASE_URL does not work: {reason}"
    if isinstance(error, ModuleNotFoundError) and error.name == "psycopg":
        return "PostgreSQL needs its driver: pip install 'community-safety-bot[postgres]'."
    return None


def _of_system(error: BaseException) -> str | None:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}" if error.filename else f"{error.strerror}."
    return None
