"""What is not processor time of a request: the tail of latency, more event loops, idle connections, the start."""

import os
import re
import subprocess
from statistics import median

import machine
import servers
import workloads
from load import Load
from workloads import Row

SATURATION = 0.7
CONNECTIONS = 64
#: One thread of h2load sends once in a millisecond whatever has become due: at 50,000 a second 40 requests at once, of which the last
#: waits for the others. Several threads do so at different times.
THREADS = 8


def latency(bench, report, options):
    """What a decision adds to the slowest answers when the gateway is busy, but not too busy."""
    saturated = Row("gateway-hybrid", "gateway-hybrid")
    bench.prepare(saturated)
    bench.warm_up(saturated, 25)
    most = bench.measure(saturated, 3).requests_per_second
    load = Load(workloads.PAGE, CONNECTIONS, rate=max(1, int(most * SATURATION / CONNECTIONS)), threads=THREADS)
    rows = [Row("origin", "origin", load), Row("nginx-at-70%", "nginx-plain", load), Row("hybrid-at-70%", "gateway-hybrid", load)]
    print(f"\na steady rate of {load.rate * CONNECTIONS} requests/s, {SATURATION:.0%} of what gateway-hybrid can")
    figures = {row.name: [] for row in rows}
    for row in rows:
        bench.prepare(row)
        bench.run(row, 1)
    for _ in range(options.rounds):
        for row in rows:
            figures[row.name].append(bench.measure(row, options.seconds or 3))
    print(f"{'':24}{'req/s':>8}{'p50 ms':>8}{'p99 ms':>8}{'others':>8}")
    for name, taken in figures.items():
        of = [median(getattr(one, key) for one in taken) for key in ("requests_per_second", "p50", "p99", "others")]
        print(f"{name:24}{of[0]:8.0f}{of[1] / 1000:8.2f}{of[2] / 1000:8.2f}{of[3]:7.0f}%")
    added, nginx = (
        median(a.p99 - b.p99 for a, b in zip(figures[name], figures["origin"])) / 1000 for name in ("hybrid-at-70%", "nginx-at-70%")
    )
    print(f"added to the origin's p99 by nginx: {nginx:.2f} ms")
    _tell(report, f"added to the origin's p99: {added:.2f} ms", "less than 1 ms", added < 1)


def loops(bench, report, options):
    """Whether throughput grows with processors."""
    if bench.pinning.processors < 4 or not bench.pinning.active:
        print(f"\nskipped: two event loops, because {bench.pinning.processors} processors are not enough (needed: 4, pinned)")
        return
    one, two = Row("gateway-1-loop", "gateway-local"), Row("gateway-2-loops", "gateway-local-2")
    rates = {}
    for row in (one, two):
        bench.prepare(row)
        bench.warm_up(row, 10)
        rates[row.name] = median(bench.measure(row, options.seconds or 3).requests_per_second for _ in range(options.rounds))
    growth = rates[two.name] / rates[one.name]
    print(f"\ntwo event loops: {rates[two.name]:.0f} requests/s, one: {rates[one.name]:.0f}")
    _tell(report, f"two loops: {growth:.2f} times one", "at least 1.8", growth >= 1.8)


def idle(bench, report, options):
    """Memory of connections that do nothing."""
    printed = _script(bench, "idle.sh")
    each = re.search(r"([\d.]+) KiB each", printed)
    if not each:
        bench.problems.append(f"idle.sh: {printed}")
        return
    print("\n10,000 idle connections\n" + printed.rstrip())
    kib = float(each[1])
    _tell(report, f"an idle connection: {kib:.1f} KiB", "at most 12 KiB", kib <= 12)


def start(bench, report, options):
    """Time from the command to the first answer that came from the origin."""
    printed = _script(bench, "start.sh")
    print("\nstart, to the first proxied request\n" + printed.rstrip())
    found = re.findall(r"^(.*?) {2,}.*\(target: (\d+) ms\): (\d+) ms$", printed, re.MULTILINE)
    for what, target, millis in found:
        _tell(report, f"{what}: {millis} ms", f"at most {target} ms", int(millis) <= int(target))
    if not found:
        bench.problems.append(f"start.sh: {printed}")


def _tell(report, what, target, kept):
    print(f"{what} (target: {target}): {report.verdict(what, target, kept)}")


def _script(bench, name):
    script = bench.fleet.root / "src/bench" / name
    done = subprocess.run([str(script)], env=servers.environment(), capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


ALL = {"latency": latency, "loops": loops, "idle": idle, "start": start}
