"""`python -m bench [NAME ...] [--json]`"""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from bench import (
    commands,
    decoding,
    dispatching,
    job_queue,
    live,
    mood,
    pacing,
    pages,
    postgres,
    sending,
    similar,
    sweeps,
    tickets,
    trainings,
    webhooks,
    whatsapp,
)
from bench.rounds import Line, plain, show

Benchmark = Callable[[Path], Iterator[Line]]

BENCHMARKS: dict[str, Benchmark] = {
    "commands": commands.measure,
    "webhooks": webhooks.measure,
    "decoding": decoding.measure,
    "dispatching": dispatching.measure,
    "pacing": pacing.measure,
    "sending": sending.measure,
    "whatsapp": whatsapp.measure,
    "sweeps": sweeps.measure,
    "mood": mood.measure,
    "similar": similar.measure,
    "tickets": tickets.measure,
    "trainings": trainings.measure,
    "pages": pages.measure,
    "live": live.measure,
    "postgres": postgres.measure,
    "job_queue": job_queue.measure,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Ours against by hand, in turns.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}; default: all")
    parser.add_argument("--json", action="store_true", help="print the results as JSON")
    parser.add_argument(
        "--seconds", type=int, default=sending.SECONDS, help="how long to send at each limit (%(default)s)"
    )
    options = parser.parse_args()
    if unknown := set(options.names) - BENCHMARKS.keys():
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    benchmarks = BENCHMARKS | {"sending": partial(sending.measure, seconds=options.seconds)}
    lines: list[Line] = []
    for name in options.names or BENCHMARKS:
        print(f"measuring {name} ...", file=sys.stderr)
        with tempfile.TemporaryDirectory(prefix="cb-bench-") as folder:
            lines += benchmarks[name](Path(folder))
    if options.json:
        print(json.dumps([plain(line) for line in lines], indent=2))
    else:
        show(lines)


if __name__ == "__main__":
    main()
