"""What one request costs: processor time of the gateway beside nginx and haproxy, on this machine, side by side.

The servers of a group take turns under the same load, in rounds, so that what else the machine does hits all alike: figures
are medians over the rounds, ratios are medians of the ratios within a round. Each server has one worker or event loop, one
processor for itself if there are two, kept connections and no access log. Origin and decision service ("stub") are nginx. The column
"others" says how much of the server's processor other processes took: figures taken while that is more than a few percent
are worth little.

Processor time is utime + stime of /proc/PID/stat: of the worker for nginx, of the whole process, with compiler and collector,
for the gateway. After each run the counters of origin and stub must agree with the requests that were answered, and every
answer must have the expected status and size.

The exit status is 1 when a floor is missed or an answer was wrong, 0 when all held or nginx or wrk is missing (then this says
so; where REQUIRE_PEERS names the missing program it is 1). A missed target is told, and fails nothing.
"""

import argparse
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

import machine
import others
import servers
import workloads
from measuring import Bench
from report import Report

ROOT = Path(__file__).resolve().parents[3]


def arguments():
    parser = argparse.ArgumentParser(prog="src/bench/speed.sh", description="Build first: mvn -q -DskipTests package.")
    names = [group.name for group in workloads.all_groups()] + list(others.ALL)
    parser.add_argument("--quick", action="store_true", help="proxying and asking beside nginx only, briefly (50 s; else 20 minutes)")
    parser.add_argument("--only", metavar="NAMES", default="", help="some of: " + ",".join(names))
    parser.add_argument("--rounds", type=int, default=3, help="interleaved rounds (default 3)")
    parser.add_argument("--seconds", type=int, default=0, help="length of one run (default 3 or 4, quick 2)")
    parser.add_argument("--no-pin", action="store_true", help="do not pin the server to one processor and everything else to the others")
    chosen = parser.parse_args()
    chosen.only = [name for name in chosen.only.split(",") if name]
    unknown = [name for name in chosen.only if name not in names]
    if unknown:
        parser.error(f"--only: {','.join(unknown)} (expected: some of {','.join(names)})")
    return chosen


def usable():
    for peer in ("nginx", "wrk", "curl", "openssl", machine.java()):
        if shutil.which(peer) is None:
            if peer in os.environ.get("REQUIRE_PEERS", "").split(","):
                raise SystemExit(f"{peer}: not installed (expected: installed, REQUIRE_PEERS names it)")
            print(f"skipped: {peer} is not installed")
            return False
    jar = ROOT / "target/esper-gateway.jar"
    if not jar.is_file():
        raise SystemExit(f"{jar}: missing (expected: built by mvn -q -DskipTests package)")
    return True


def measure(group, bench, report, options):
    rows = []
    for row in group.rows:
        needed = servers.missing(row.server) or ("h2load" if row.load.tool == "h2load" and not shutil.which("h2load") else None)
        if needed:
            print(f"\nskipped: {row.name}, because {needed} is not installed", end="")
        else:
            rows.append(row)
    for row in rows:
        bench.prepare(row)
    if bench.problems:
        return
    for row in rows:
        bench.warm_up(row, 5 if options.quick else 25)
    figures = {row.name: [] for row in rows}
    for _ in range(options.rounds):
        for row in rows:
            figures[row.name].append(bench.measure(row, options.seconds or (2 if options.quick else group.seconds)))
    report.group(workloads.Group(group.name, group.about, tuple(rows)), figures)
    for name in group.done:
        bench.fleet.stop(name)


def main():
    options = arguments()
    if not usable():
        return 0
    # So that the servers are ended then, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.stdout.reconfigure(line_buffering=True)
    pinning = machine.Pinning(not options.no_pin)
    print("\n".join(machine.description(ROOT, pinning)))
    report = Report()
    with tempfile.TemporaryDirectory() as work:
        fleet = servers.Fleet(ROOT, work, pinning)
        bench = Bench(fleet, pinning)
        try:
            for group in workloads.quick() if options.quick else workloads.all_groups():
                if not options.only or group.name in options.only:
                    measure(group, bench, report, options)
            for name, take in others.ALL.items():
                if not options.quick and (not options.only or name in options.only):
                    take(bench, report, options)
        finally:
            fleet.close()
    return report.end(bench.problems)


if __name__ == "__main__":
    sys.exit(main())
