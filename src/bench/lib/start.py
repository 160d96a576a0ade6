"""How long a start takes, see start.sh. The median of several; each is a process of its own, on all processors."""

import argparse
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

import machine
import servers

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
        self.send_header("Content-Length", "6")
        self.end_headers()
        self.wfile.write(b"hello\n")

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
        if not answer.startswith(b"HTTP/1.1 200 ") or not answer.endswith(b"hello\n"):
            raise SystemExit(f"not the origin's answer: {answer!r}")
        return
    raise SystemExit("the gateway did not answer")


def once(launcher, java, origin, options, log):
    """One start: wall and processor time in milliseconds, resident MiB."""
    port = machine.free_port()
    command = [str(launcher), "run", f"--listen=127.0.0.1:{port}", f"--origin=http://127.0.0.1:{origin}", "--set=log.access=off"]
    command += ["--set=admin.address=127.0.0.1:0", f"--set=policies.path={ROOT}/conf/policies/starter.conf", "--set=challenge.pass.key-file="]
    environment = {**servers.environment(), "JAVA_HOME": str(java), "JAVA_OPTS": options}
    begun = time.monotonic()
    with subprocess.Popen(command, env=environment, stdout=log, stderr=log) as process:
        try:
            first_answer(port, begun + PATIENCE)
            wall = time.monotonic() - begun
            return wall * 1000, machine.ticks(process.pid) * 1000 / machine.TICKS, machine.resident_mib(process.pid)
        finally:
            process.terminate()


@dataclass(frozen=True)
class Kind:
    """What is started, with which Java, and how long it may take."""

    what: str
    launcher: Path
    java: Path
    target: int = 0


def series(kinds, origin, chosen):
    """Starts of all kinds in turns, so that whatever else the machine does hits them alike."""
    taken = {kind: [] for kind in kinds}
    with tempfile.TemporaryFile("w+") as log:
        try:
            # The first brings files into memory that a machine in use has there.
            for count in range(chosen.rounds + 1):
                for kind in kinds:
                    one = once(kind.launcher, kind.java, origin, chosen.options, log)
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


def main():
    parser = argparse.ArgumentParser(prog="src/bench/start.sh", description="Build first: mvn -q -DskipTests package.")
    parser.add_argument("--rounds", type=int, default=5, help="starts of each kind (default 5)")
    parser.add_argument("--options", default="", help="more options for the JVM, e.g. -XX:MaxRAM=256m")
    parser.add_argument("--only", type=int, default=0, metavar="VERSION", help="only this version of Java")
    parser.add_argument("--no-plain", action="store_true", help="only with an archive")
    parser.add_argument("--beside", type=Path, metavar="DIRECTORY", help="in turns with what another docker/assemble.sh, of the same Java, made there")
    chosen = parser.parse_args()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Origin)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    origin = server.server_address[1]
    print(f"{machine.processor_name()}, {os.cpu_count()} processors, load {machine.load()}, median of {chosen.rounds} starts")
    for version, java in javas().items():
        if chosen.only not in (0, version):
            continue
        if not chosen.no_plain:
            series([Kind(f"Java {version}, as unpacked", ROOT / "docker/esper-gateway", java)], origin, chosen)
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
            series(kinds, origin, chosen)


if __name__ == "__main__":
    main()
