"""How long a start takes, see start.sh. The median of several; each is a process of its own, on all processors."""

import argparse
import contextlib
import http.server
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import load
import machine
import measuring
import servers
import workloads

#: what either origin says, the one here and the nginx of a load
HELLO = measuring.HELLO.encode()
ROOT = Path(__file__).resolve().parents[3]
TARGETS = {17: 1000, 25: 500}
PATIENCE = 60


def javas():
    """One Java of each version: the one that would run, and others where packages put them."""
    current = os.environ.get("JAVA_HOME") or Path(os.path.realpath(shutil.which("java") or "/")).parents[1]
    found = {}
    for home in [Path(current), *sorted(Path("/usr/lib/jvm").glob("*"))]:
        release = home / "release"
        version = re.search(r'JAVA_VERSION="(\d+)', release.read_text()) if release.is_file() else None
        if version and int(version[1]) >= 17 and (home / "bin/jlink").exists():
            found.setdefault(int(version[1]), home.resolve())
    return dict(sorted(found.items()))


class Origin(http.server.BaseHTTPRequestHandler):
    """Answers everything, on kept connections."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", str(len(HELLO)))
        self.end_headers()
        self.wfile.write(HELLO)

    def log_message(self, *_):
        pass


def first_answer(port, deadline):
    """Asks until somebody listens and answers."""
    while time.monotonic() < deadline:
        with socket.socket() as client:
            client.settimeout(PATIENCE)
            if client.connect_ex(("127.0.0.1", port)) != 0:
                time.sleep(0.002)
                continue
            client.sendall(b"GET / HTTP/1.1\r\nHost: start.test\r\nUser-Agent: start\r\nConnection: close\r\n\r\n")
            answer = b"".join(iter(lambda: client.recv(4096), b""))
        if not answer.startswith(b"HTTP/1.1 200 ") or not answer.endswith(HELLO):
            raise SystemExit(f"not the origin's answer: {answer!r}")
        return
    raise SystemExit("the gateway did not answer")


@dataclass(frozen=True)
class Kind:
    """What is started, with which Java, and how long it may take."""

    what: str
    launcher: Path
    java: Path
    target: int = 0


@contextlib.contextmanager
def started(kind, origin, options, log, prefix=()):
    """A gateway of this kind that has answered: its process, its port and the seconds it took."""
    port = machine.free_port()
    command = [*prefix, str(kind.launcher), "run", f"--listen=127.0.0.1:{port}", f"--origin=http://127.0.0.1:{origin}", "--set=log.access=off"]
    command += ["--set=admin.address=127.0.0.1:0", f"--set=policies.path={ROOT}/conf/policies/starter.conf", "--set=challenge.pass.key-file="]
    environment = {**servers.environment(), "JAVA_HOME": str(kind.java), "JAVA_OPTS": options}
    begun = time.monotonic()
    with subprocess.Popen(command, env=environment, stdout=log, stderr=log) as process:
        try:
            first_answer(port, begun + PATIENCE)
            yield process.pid, port, time.monotonic() - begun
        finally:
            process.terminate()


def once(kind, origin, chosen, log):
    """One start: wall and processor time in milliseconds, resident MiB."""
    with started(kind, origin, chosen.options, log) as (pid, _, wall):
        return wall * 1000, machine.ticks(pid) * 1000 / machine.TICKS, machine.resident_mib(pid)


def series(kinds, origin, chosen):
    """Starts of all kinds in turns, so that whatever else the machine does hits them alike."""
    taken = {kind: [] for kind in kinds}
    with tempfile.TemporaryFile("w+") as log:
        try:
            # The first brings files into memory that a machine in use has there.
            for count in range(chosen.rounds + 1):
                for kind in kinds:
                    one = once(kind, origin, chosen, log)
                    if count > 0:
                        taken[kind].append(one)
        except SystemExit:
            log.seek(0)
            sys.stderr.write(log.read())
            raise
    for kind, starts in taken.items():
        wall, cpu, resident = (median(one[i] for one in starts) for i in range(3))
        goal = f" (target: {kind.target} ms)" if kind.target else ""
        print(f"{kind.what:34}  CPU {cpu:5.0f} ms, RSS {resident:4.0f} MiB{goal}: {wall:.0f} ms", flush=True)


def loaded(kinds, chosen):
    """What a request costs in each of the first seconds under all the load there can be, on one processor for gateway and compiler."""
    pinning = machine.Pinning(True)
    spent = {kind: [] for kind in kinds}
    with tempfile.TemporaryDirectory() as work, tempfile.TemporaryFile("w+") as log:
        fleet = servers.Fleet(ROOT, work, pinning)
        try:
            fleet.pid("origin")
            for _ in range(chosen.rounds):
                for kind in kinds:
                    with started(kind, fleet.port("origin"), chosen.options, log, pinning.server()) as (pid, port, _):
                        spent[kind].append([second(pid, port, work, pinning) for _ in range(chosen.load)])
        finally:
            fleet.close()
    for kind, starts in spent.items():
        middles = [[median(one[i][j] for one in starts) for j in range(2)] for i in range(chosen.load)]
        print(f"{kind.what:34}  each second: {', '.join(f'{cpu:.0f} us for {count:.0f}' for cpu, count in middles)}", flush=True)


def second(pid, port, work, pinning):
    """Processor time for each request of a second, in microseconds, and how many were answered."""
    before = machine.ticks(pid)
    seen = load.run(workloads.GET, f"http://127.0.0.1:{port}{workloads.PAGE}", 1, work, pinning.rest())
    return (machine.ticks(pid) - before) / machine.TICKS * 1e6 / max(1, seen.requests), seen.requests


def main():
    parser = argparse.ArgumentParser(prog="src/bench/start.sh", description="Build first: mvn -q -DskipTests package.")
    parser.add_argument("--rounds", type=int, default=5, help="starts of each kind (default 5)")
    parser.add_argument("--options", default="", help="more options for the JVM, e.g. -XX:MaxRAM=256m")
    parser.add_argument("--only", type=int, default=0, metavar="VERSION", help="only this version of Java")
    parser.add_argument("--no-plain", action="store_true", help="only with an archive")
    parser.add_argument("--load", type=int, default=0, metavar="SECONDS", help="instead: so many seconds of load from the first answer on (needs nginx and wrk)")
    parser.add_argument("--beside", type=Path, metavar="DIRECTORY", help="in turns with what another docker/assemble.sh, of the same Java, made there")
    chosen = parser.parse_args()
    measure = (lambda kinds: loaded(kinds, chosen)) if chosen.load else (lambda kinds: series(kinds, origin, chosen))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Origin)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    origin = server.server_address[1]
    print(f"{machine.processor_name()}, {os.cpu_count()} processors, load {machine.load()}, median of {chosen.rounds} starts")
    for version, java in javas().items():
        if chosen.only not in (0, version):
            continue
        if not chosen.no_plain:
            measure([Kind(f"Java {version}, as unpacked", ROOT / "docker/esper-gateway", java)])
        with tempfile.TemporaryDirectory() as work:
            assembled = Path(work) / "assembled"
            made = subprocess.run(
                [str(ROOT / "docker/assemble.sh"), str(assembled)], env={**os.environ, "JAVA_HOME": str(java)}, capture_output=True, text=True, check=False
            )
            if made.returncode != 0:
                raise SystemExit(f"docker/assemble.sh: exit {made.returncode}\n{made.stdout}{made.stderr}")
            kept = "an AOT cache" if version >= 25 else "an archive of classes"
            target = TARGETS[25 if version >= 25 else 17]
            kinds = [Kind(f"Java {version}, with {kept}", assembled / "bin/esper-gateway", assembled / "runtime", target)]
            if chosen.beside:
                kinds.append(Kind("the other one", chosen.beside / "bin/esper-gateway", chosen.beside / "runtime"))
            measure(kinds)


if __name__ == "__main__":
    main()
