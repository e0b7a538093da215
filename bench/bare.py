"""The same form with nothing but python-telegram-bot: a ConversationHandler, polling, its own HTTP client.

``--calls same`` makes the calls that our bot makes: an answered question becomes a line with its answer, and
the next is a new message with buttons. ``--calls one`` sends one plain message for each update.
``--keep pickle`` brings PicklePersistence's file up to date after every update; ``pickle-once`` with one
writing of the file for all that the update changed.
"""

from __future__ import annotations

import argparse
import html
import logging
import sys
import types
import warnings
from pathlib import Path
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, Update
from telegram.constants import ParseMode
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    PicklePersistence,
    filters,
)
from telegram.warnings import PTBUserWarning

from bench.script import ANSWERS, LABELS, QUESTIONS, SEND, START

Context = ContextTypes.DEFAULT_TYPE
KEYS = tuple(QUESTIONS)
CHECK = len(KEYS)
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_CONFIRMATION = (
    "<b>Thank you. We have your report.</b>\n\nYour reference is KM4P-X7RB. The team contacts you by "
    "Thursday 26 November. That is 3 working days after Monday 23 November. Weekends do not count."
)


class FlushingApplication(Application):
    """Everything that an update changed is in the file before the next update is looked at."""

    async def process_update(self, update: object) -> None:
        await super().process_update(update)
        await self.update_persistence()
        await self.persistence.flush()


class SameCalls:
    """Each answer is edited into the question it belongs to, and the next question is a message of its own."""

    async def ask(self, update: Update, context: Context, place: int) -> None:
        text = f"Question {place + 1} of {len(KEYS)}\n{QUESTIONS[KEYS[place]]}"
        await self._put(update, context, text, [_way_out(place)])

    async def record(self, update: Update, context: Context, place: int, answer: str) -> None:
        await context.bot.edit_message_text(
            f"{LABELS[KEYS[place]]}: {html.escape(answer)}",
            chat_id=update.effective_chat.id,
            message_id=context.user_data["message_id"],
            parse_mode=ParseMode.HTML,
            link_preview_options=_NO_PREVIEW,
        )

    async def check(self, update: Update, context: Context) -> None:
        lines = ["<b>Check before you send.</b> Nothing is sent yet."]
        lines += [f"{LABELS[key]}: <b>{html.escape(context.user_data[key])}</b>" for key in KEYS]
        changes = [InlineKeyboardButton(f"Change {key}", callback_data=f"c:{key}") for key in KEYS]
        rows = [changes[at : at + 2] for at in range(0, len(changes), 2)]
        rows += [[InlineKeyboardButton(SEND, callback_data="send")], _way_out(CHECK)]
        await self._put(update, context, "\n".join(lines), rows)

    async def confirm(self, update: Update, context: Context) -> None:
        await update.callback_query.answer()
        await update.callback_query.edit_message_reply_markup(None)
        copy = [InlineKeyboardButton("Copy reference", copy_text={"text": "KM4P-X7RB"})]
        await self._put(update, context, _CONFIRMATION, [copy])

    async def _put(self, update: Update, context: Context, text: str, rows: list[Any]) -> None:
        sent = await context.bot.send_message(
            update.effective_chat.id,
            text,
            parse_mode=ParseMode.HTML,
            link_preview_options=_NO_PREVIEW,
            reply_markup=InlineKeyboardMarkup(rows),
        )
        context.user_data["message_id"] = sent.message_id


class OneCall:
    """A question is one plain message; nothing is edited."""

    async def ask(self, update: Update, context: Context, place: int) -> None:
        await update.message.reply_text(QUESTIONS[KEYS[place]])

    async def record(self, update: Update, context: Context, place: int, answer: str) -> None:
        """Nothing."""

    async def check(self, update: Update, context: Context) -> None:
        row = [InlineKeyboardButton(SEND, callback_data="send")]
        await update.message.reply_text("Ready to send?", reply_markup=InlineKeyboardMarkup([row]))

    async def confirm(self, update: Update, context: Context) -> None:
        await update.callback_query.answer()
        await context.bot.send_message(update.effective_chat.id, "Thank you. We have your report.")


def _way_out(place: int) -> list[InlineKeyboardButton]:
    return [
        InlineKeyboardButton("Back", callback_data=f"b:{place}"),
        InlineKeyboardButton("Cancel", callback_data=f"x:{place}"),
    ]


def conversation(style: SameCalls | OneCall, *, persistent: bool) -> ConversationHandler[Any]:
    """The form: one state a question, and one for Send."""

    async def start(update: Update, context: Context) -> int:
        await style.ask(update, context, 0)
        return 0

    def taking(place: int) -> MessageHandler[Any, Any]:
        async def take(update: Update, context: Context) -> int:
            context.user_data[KEYS[place]] = update.message.text
            await style.record(update, context, place, update.message.text)
            if place + 1 < CHECK:
                await style.ask(update, context, place + 1)
            else:
                await style.check(update, context)
            return place + 1

        return MessageHandler(filters.TEXT & ~filters.COMMAND, take)

    async def send(update: Update, context: Context) -> int:
        await style.confirm(update, context)
        context.user_data.clear()
        return ConversationHandler.END

    states: dict[object, list[Any]] = {place: [taking(place)] for place in range(len(ANSWERS))}
    states[CHECK] = [CallbackQueryHandler(send, pattern="^send$")]
    return ConversationHandler(
        entry_points=[CommandHandler(START.removeprefix("/"), start)],
        states=states,
        fallbacks=[],
        name="form",
        persistent=persistent,
    )


def main() -> None:
    """Poll until SIGTERM."""
    parser = argparse.ArgumentParser()
    for name in ("api", "token", "folder"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--calls", choices=("same", "one"), required=True)
    parser.add_argument("--keep", choices=("memory", "pickle", "pickle-once"), required=True)
    given = parser.parse_args()
    logging.basicConfig(level=logging.WARNING)
    warnings.simplefilter("ignore", PTBUserWarning)  # that buttons and texts share a conversation is meant
    _have_sniffio()
    persistent = given.keep != "memory"
    builder = ApplicationBuilder().token(given.token).base_url(f"{given.api}/bot")
    if persistent:
        store = PicklePersistence(Path(given.folder) / "bot.pickle", on_flush=given.keep == "pickle-once")
        builder = builder.application_class(FlushingApplication).persistence(store)
    application = builder.build()
    style = SameCalls() if given.calls == "same" else OneCall()
    application.add_handler(conversation(style, persistent=persistent))
    application.run_polling()


def _have_sniffio() -> None:
    """httpcore looks for this package at every request, and failing to find it takes time.

    Few notice that it is missing; the bare bots are measured as if it were there.
    """
    stand_in = types.ModuleType("sniffio")
    stand_in.current_async_library = lambda: "asyncio"
    sys.modules.setdefault("sniffio", stand_in)


if __name__ == "__main__":
    main()
