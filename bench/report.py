"""From what was measured to docs/benchmarks.md: tables, targets, and how to read them."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterable
from importlib.metadata import version
from statistics import median

from bench.measure import LATENCY, OURS, RATE, Figures, Results
from bench.script import ACTS, ANSWERS

_MOST_WAIT_MS, _MOST_MEGABYTES, _MOST_START_SECONDS = 100, 150, 2.0
_OF_PICKLE, _OF_MEMORY, _OF_MEMORY_WITH_LATENCY = 1.2, 0.5, 3.0


def report(results: Results) -> str:
    """The whole page, as Markdown."""
    parts = [
        "# Benchmarks",
        "Written by `make bench`. Numbers differ from machine to machine; the ratios are what counts.",
        _what_is_compared(results),
        "## Without latency",
        _speed_table(results, results.at_once),
        f"## With {1000 * LATENCY:.0f} ms a call",
        _speed_table(results, results.with_latency),
        f"## {RATE:.0f} updates a second",
        _rate_table(results),
        "## Start and rest",
        _start_lines(results),
        "## Targets",
        _targets(results),
        _notes(results),
    ]
    return "\n\n".join(parts) + "\n"


def _what_is_compared(results: Results) -> str:
    size = results.size
    get_me, send_message = results.ceiling
    return f"""\
A form of {len(ANSWERS)} short texts, from the start to Send: {ACTS} updates. {size.people} people fill it in at
once, each as soon as they are answered; with latency, {size.people_with_latency} people. Every bot is a process
of its own beside the same fake Telegram, over HTTP on loopback. Rounds are interleaved, every bot in each:
{size.rounds} without latency, {size.rounds_with_latency} with it; the tables show medians.

- **This bot** runs as `python -m bot run` does, by polling, with its form kit, encryption, outbox and HTTP
  client (aiohttp), without pacing. SQLite syncs every commit (`synchronous=FULL`); PostgreSQL has its usual
  settings, with `fsync` on. Sending the form opens a case with its deadlines, reminders and history.
- **Bare** is a python-telegram-bot `ConversationHandler` run by `run_polling()`: updates one after the other,
  the library's own HTTP client (httpx), nothing encrypted, nothing stored at the end. It makes the calls that
  this bot makes: each answer is edited into its question, and the next question is a message of its own.
- **PicklePersistence** is that with `Application.update_persistence()` after every update, which writes the
  file at each change (the default); *one write* collects an update's changes (`on_flush=True`) and writes
  once. Neither syncs the file, so unlike ours they promise nothing after a power cut.
- **One message** is the bare bot reduced to a single plain message for each update: half the calls, no buttons
  but Send. It does less, and no ratio here is against it unless it says so.

The fake Telegram is the sandbox behind a lean HTTP server (uvicorn and Starlette took longer for a call than
the sandbox does). Its own ceiling, with a raw client beside it: {get_me:,} getMe or {send_message:,}
sendMessage a second. *Wait* is measured where Telegram is, from the moment a person sent something until the
bot's new message arrived, so time in any queue counts. With everybody at once it mostly says how long the
queue is. Latency is half on the way there and half on the way back, getUpdates included.

This machine: {os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}, \
python-telegram-bot {version("python-telegram-bot")}, SQLAlchemy {version("sqlalchemy")}. \
The load average before was {results.load_before:.1f}."""


def _speed_table(results: Results, measured: dict[str, Figures]) -> str:
    memory = measured["memory-same"].a_second
    pickle = measured["pickle-same"].a_second
    one = measured["memory-one"].a_second
    head = ("", "updates/s", "of bare", "of Pickle", "of one message", "CPU ms", "wait p50", "wait p99")

    def row(key: str, name: str) -> tuple[str, ...]:
        found = measured[key]
        ratios = (f"{found.a_second / against:.2f}" for against in (memory, pickle, one))
        waits = (f"{found.wait_ms(share):.0f} ms" for share in (0.5, 0.99))
        return (name, f"{found.a_second:.0f}", *ratios, f"{found.cpu_ms:.1f}", *waits)

    return _table(head, (row(kind.key, kind.name) for kind in results.kinds if kind.key in measured))


def _rate_table(results: Results) -> str:
    rows = (
        (
            kind.name,
            *(f"{results.at_rate[kind.key].wait_ms(share):.0f} ms" for share in (0.5, 0.99)),
            f"{results.at_rate[kind.key].cpu_ms:.1f}",
        )
        for kind in results.kinds
        if kind.key in results.at_rate
    )
    head = ("", "wait p50", "wait p99", "CPU ms")
    return f"At random moments, without latency.\n\n{_table(head, rows)}"


def _start_lines(results: Results) -> str:
    starts = results.starts
    return (
        f"`python -m bot run` on SQLite: first getUpdates after {_median(s.first_poll for s in starts):.2f} s "
        f"where the database had to be made, {_median(s.again for s in starts):.2f} s where it was there; "
        f"{_median(s.megabytes for s in starts):.0f} MiB resident at rest."
    )


def _targets(results: Results) -> str:
    quick, slow, rate = results.at_once, results.with_latency, results.at_rate

    def least(measured: dict[str, Figures], against: str) -> float:
        return min(measured[key].a_second for key in OURS) / measured[against].a_second

    worst = max(rate[key].wait_ms(0.99) for key in OURS)
    first = _median(start.first_poll for start in results.starts)
    memory = _median(start.megabytes for start in results.starts)
    rows = [
        _at_least("of PicklePersistence, no latency", _OF_PICKLE, least(quick, "pickle-same")),
        _at_least("of PicklePersistence, one write, no latency", _OF_PICKLE, least(quick, "pickle-once")),
        _at_least("of bare in memory, no latency", _OF_MEMORY, least(quick, "memory-same")),
        _at_least("of bare in memory, with latency", _OF_MEMORY_WITH_LATENCY, least(slow, "memory-same")),
        _at_least(
            "of bare with one message, with latency", _OF_MEMORY_WITH_LATENCY, least(slow, "memory-one")
        ),
        _at_most(f"p99 at {RATE:.0f} updates a second", _MOST_WAIT_MS, worst, lambda ms: f"{ms:.0f} ms"),
        _at_most("memory at rest", _MOST_MEGABYTES, memory, lambda size: f"{size:.0f} MiB"),
        _at_most("start to first poll", _MOST_START_SECONDS, first, lambda s: f"{s:.2f} s"),
    ]
    head = ("the slower of our two databases", "to reach", "measured", "")
    return _table(head, rows)


def _at_least(what: str, target: float, measured: float) -> tuple[str, str, str, str]:
    return what, f"≥ {target:.1f}", f"{measured:.2f}", "reached" if measured >= target else "**missed**"


def _at_most(
    what: str, target: float, measured: float, shown: Callable[[float], str]
) -> tuple[str, str, str, str]:
    return what, f"< {shown(target)}", shown(measured), "reached" if measured < target else "**missed**"


def _notes(results: Results) -> str:
    quick = results.at_once
    spread = ", ".join(
        f"{kind.name} {min(run.a_second for run in quick[kind.key].runs):.0f}–"
        f"{max(run.a_second for run in quick[kind.key].runs):.0f}"
        for kind in results.kinds
    )
    return f"""\
## How to read this

- Telegram lets one bot send about 30 messages a second. Every row but the bare ones with latency is enough for
  that. What each bot still knows after a crash differs more; this page does not measure it.
- Ours works on different people side by side, so it gains where calls take time, as they do in life. The bare
  bots take one update after the other, as the documentation of `ConversationHandler` asks.
- CPU is the bot's process alone: on PostgreSQL the database server's own time comes on top, and fake server,
  database and bots share the cores.
- The bare bots are measured as if `sniffio` were installed. Without that package httpcore repeats a failing
  import at every request, which would slow them down.
- The pickle file is written whole each time, so its cost grows with everybody who ever wrote to the bot; here
  it holds a few hundred people.
- p99 at {RATE:.0f} updates a second rests on the slowest few of {_updates_at_rate(results)} updates, so whatever
  else the machine does shows in it first.
- Updates a second over the rounds without latency: {spread}."""


def _updates_at_rate(results: Results) -> int:
    return min(run.updates for key in OURS for run in results.at_rate[key].runs)


def _median(values: Iterable[float]) -> float:
    return median(list(values))


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---", *("---:" for _ in head[1:])), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
