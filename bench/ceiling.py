"""How many calls a second the fake server itself answers to a client that does nothing else."""

from __future__ import annotations

import argparse
import asyncio
import time
from urllib.parse import urlencode, urlsplit

SECONDS = 1.0
CONNECTIONS = 8


def main() -> None:
    """Print calls a second: getMe, then sendMessage."""
    parser = argparse.ArgumentParser()
    for name in ("api", "token", "chat"):
        parser.add_argument(f"--{name}", required=True)
    given = parser.parse_args()
    text = {
        "chat_id": given.chat,
        "text": "Question 1 of 6\nWhat is the <b>problem</b>?",
        "parse_mode": "HTML",
    }
    for method, parameters in (("getMe", {}), ("sendMessage", text)):
        print(round(asyncio.run(_calls_a_second(given.api, f"/bot{given.token}/{method}", parameters))))


async def _calls_a_second(api: str, path: str, parameters: dict[str, str]) -> float:
    body = urlencode(parameters).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: {urlsplit(api).netloc}\r\nContent-Length: {len(body)}\r\n\r\n"
    end = time.perf_counter() + SECONDS
    calls = await asyncio.gather(*(_call_until(end, api, head.encode() + body) for _ in range(CONNECTIONS)))
    return sum(calls) / SECONDS


async def _call_until(end: float, api: str, request: bytes) -> int:
    address = urlsplit(api)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    calls = 0
    while time.perf_counter() < end:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(int(head.rpartition(b"Content-Length: ")[2]))
        calls += 1
    writer.close()
    return calls


if __name__ == "__main__":
    main()
