"""The generators of load: wrk for HTTP/1.1, h2load for HTTP/2 and for a steady rate."""

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Load:
    """How a server is loaded, whichever it is."""

    path: str
    connections: int = 64
    #: streams at once on each connection; 0 is HTTP/1.1
    streams: int = 0
    #: requests a second of each connection; 0 is as many as can be
    rate: float = 0
    #: of h2load; wrk has one
    threads: int = 1
    #: name of the file with the body of a POST
    body: str = ""
    #: more field lines than those of the browser, as (name, value)
    fields: tuple = ()
    #: whether the Referer is another one in each request; of wrk
    changing: bool = False

    @property
    def tool(self):
        return "h2load" if self.streams or self.rate else "wrk"

    @property
    def most_under_way(self):
        """Requests that may have reached the peers when the generator hung up without counting them."""
        return self.connections * max(1, self.streams)


@dataclass(frozen=True)
class Seen:
    """What a generator saw; times in microseconds."""

    requests: int
    micros: float
    #: of heads and bodies with wrk, of bodies with h2load
    bytes: int
    broken: int
    above_399: int
    p50: float
    p99: float


def browser_fields():
    """The field lines of a browser's navigation; with Host, which the generators write, 14."""
    lines = (HERE / "browser.headers").read_text().splitlines()
    return [tuple(line.split(": ", 1)) for line in lines if line]


def run(load, url, seconds, work, prefix):
    fields = browser_fields() + list(load.fields)
    return (_h2load if load.tool == "h2load" else _wrk)(load, url, seconds, Path(work), prefix, fields)


def _wrk(load, url, seconds, work, prefix, fields):
    (work / "fields").write_text("".join(f"{name}: {value}\n" for name, value in _joined(fields)))
    command = [*prefix, "wrk", "-t1", f"-c{load.connections}", f"-d{seconds}s", "--timeout", "10s", "-s", str(HERE / "wrk.lua"), url]
    environment = dict(os.environ, FIELDS=str(work / "fields"), BODY=str(work / load.body) if load.body else "")
    environment["CHANGING"] = "yes" if load.changing else "no"
    output = _output(command, environment)
    figures = re.search(r"^RESULT (.*)$", output, re.MULTILINE)
    if not figures:
        raise SystemExit(f"wrk printed no result: {output}")
    requests, micros, size, broken, above, p50, p99 = (float(n) for n in figures[1].split())
    return Seen(int(requests), micros, int(size), int(broken), int(above), p50, p99)


def _joined(fields):
    """wrk has a map of fields, so that a second Cookie would hide the first."""
    one = {}
    for name, value in fields:
        one[name] = f"{one[name]}; {value}" if name in one else value
    return one.items()


def _h2load(load, url, seconds, work, prefix, fields):
    log = work / "h2load.log"
    log.unlink(missing_ok=True)
    command = [*prefix, "h2load", f"-t{load.threads}", f"-c{load.connections}", f"-D{seconds}", f"-m{max(1, load.streams)}", f"--log-file={log}"]
    command += ["--h1"] if not load.streams else []
    command += [f"--rps={load.rate:g}"] if load.rate else []
    command += [f"-H{name}: {value}" for name, value in _joined(fields)]
    command += ["-d", str(work / load.body)] if load.body else []
    output = _output(command + [url], os.environ)
    times = sorted(int(line.split("\t")[2]) for line in log.read_text().splitlines())
    counts = re.search(r"(\d+) done, \d+ succeeded, (\d+) failed, (\d+) errored, (\d+) timeout", output)
    statuses = re.search(r"status codes: (\d+) 2xx, (\d+) 3xx, (\d+) 4xx, (\d+) 5xx", output)
    data = re.search(r"headers \(.*?\), .*\((\d+)\) data", output)
    if not times or not counts or not statuses or not data:
        raise SystemExit(f"h2load printed no result: {output}")
    done, _, errored, late = (int(n) for n in counts.groups())
    answered = [int(n) for n in statuses.groups()]
    return Seen(
        done, seconds * 1e6, int(data[1]), errored + late, answered[2] + answered[3], _percentile(times, 50), _percentile(times, 99)
    )


def _percentile(ordered, percent):
    return float(ordered[min(len(ordered) - 1, len(ordered) * percent // 100)])


def _output(command, environment):
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout
