"""One run of load against one server: what it cost, and whether every answer and every call of a peer was right."""

import time
from dataclasses import dataclass, replace
from statistics import median

import load as generators
import machine
import servers

#: what the origin says but on /large
HELLO = "hello from the origin\n"


@dataclass(frozen=True)
class Figures:
    requests_per_second: float
    p50: float
    p99: float
    cpu: float
    resident: float
    #: share of the server's processor that other processes had, in percent
    others: float


class Bench:
    """Runs load and keeps what was wrong."""

    def __init__(self, fleet, pinning):
        self.fleet, self.pinning = fleet, pinning
        self.problems = []
        self._passes = {}

    def prepare(self, row):
        """Starts the server of the row and asks it once, slowly: what it answers has to be right before it is loaded."""
        self.fleet.pid(row.server)
        self.ask(row)

    def ask(self, row):
        """The size of one answer, with its head and without."""
        work = self.fleet.work
        options = ["-H", f"@{generators.HERE / 'browser.headers'}", "-o", str(work / "body")]
        options += [option for name, value in self.loaded(row).fields for option in ("-H", f"{name}: {value}")]
        options += ["--data-binary", f"@{work / row.load.body}"] if row.load.body else []
        options += ["--http2" if row.load.streams else "--http1.1"]
        answer = servers.curl(self.fleet.url(row.server, row.load.path), *options)
        if answer.status != row.status:
            self.problems.append(f"{row.name}: {row.load.path} is answered {answer.status} (expected: {row.status})")
        elif answer.status == 200 and row.load.path != "/large" and (work / "body").read_text() != HELLO:
            self.problems.append(f"{row.name}: {row.load.path} is answered with another body than the origin's")
        return answer.head + answer.body, answer.body

    def loaded(self, row):
        """The load of a row, with a pass if it brings one."""
        if not row.passes:
            return row.load
        if row.server not in self._passes:
            url = self.fleet.url(row.server, row.load.path + "&esper_challenge_proof=good")
            answer = servers.curl(url, "-H", f"@{generators.HERE / 'browser.headers'}", "-o", "/dev/null", "-D", "-")
            cookies = [line.split(": ", 1)[1].split(";")[0] for line in answer.text.splitlines() if line.lower().startswith("set-cookie:")]
            if len(cookies) != 1:
                raise SystemExit(f"{row.name}: a proof is answered with {len(cookies)} cookies (expected: 1)\n{answer.text}")
            self._passes[row.server] = cookies[0]
        return replace(row.load, fields=row.load.fields + (("Cookie", self._passes[row.server]),))

    def run(self, row, seconds):
        """Loads the server; what the generator saw."""
        url = self.fleet.url(row.server, row.load.path)
        return generators.run(self.loaded(row), url, seconds, self.fleet.work, self.pinning.rest())

    def warm_up(self, row, at_most):
        """Loads a gateway until its compiler has finished: until it takes next to nothing of what a run takes."""
        if not row.server.startswith("gateway"):
            self.run(row, 1)
            return
        pid = self.fleet.pid(row.server)
        for count in range(at_most):
            before, compiled = machine.ticks(pid), machine.compiler_ticks(pid)
            self.run(row, 2)
            if count >= 3 and machine.compiler_ticks(pid) - compiled <= 0.03 * (machine.ticks(pid) - before):
                return

    def measure(self, row, seconds):
        pid = self.fleet.pid(row.server)
        size = self.ask(row)
        called = {peer: self.fleet.served(peer) for peer in ("origin", self.fleet.decider(row.server))}
        before, busy, begun = machine.ticks(pid), self.pinning.busy(), time.monotonic()
        seen = self.run(row, seconds)
        lasted = time.monotonic() - begun
        worked = machine.ticks(pid) - before
        others = max(0, self.pinning.busy() - busy - worked)
        figures = Figures(
            seen.requests / seen.micros * 1e6,
            seen.p50,
            seen.p99,
            worked / machine.TICKS * 1e6 / max(1, seen.requests),
            machine.resident_mib(pid),
            others / machine.TICKS / lasted * 100,
        )
        self._check(row, seen, size, called)
        return figures

    def _check(self, row, seen, size, called):
        # What was under way when the generator hung up may have reached the peers without having been counted.
        most = seen.requests + row.load.most_under_way
        self._expect(row, "socket errors", seen.broken, 0, 0)
        refused = seen.requests if row.status >= 400 else 0
        self._expect(row, "answers above 399", seen.above_399, refused, refused)
        for peer, each in (("origin", row.origin), (self.fleet.decider(row.server), row.stub)):
            served = self.fleet.served(peer) - called[peer]
            self._expect(row, f"calls of the {peer}", served, seen.requests * each, most * each)
        each = size[0] if row.load.tool == "wrk" else size[1]
        # Up to an answer for each connection may have been cut off by the end of the run.
        self._expect(row, "bytes", seen.bytes, seen.requests * each, most * each)

    def _expect(self, row, what, actual, least, most):
        if not least <= actual <= most:
            self.problems.append(f"{row.name}: {actual} {what} (expected: {least}{'' if least == most else f' to {most}'})")


def middle(figures, name):
    return median(getattr(one, name) for one in figures)


def ratio(figures, others):
    """The median of the ratios of each round, so that what else the machine did hits both alike."""
    return median(a.cpu / b.cpu for a, b in zip(figures, others) if b.cpu > 0)
