"""The servers that are measured and those they talk to: started when a workload needs them, and all ended at the end."""

import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import configurations as text
import data
import machine


class Fleet:
    """Servers by name; a server is started when it is asked for the first time."""

    def __init__(self, root, work, pinning):
        self.root, self.work, self.pinning = Path(root), Path(work), pinning
        self._processes = []
        self._ports, self._pids, self._asked = {}, {}, {}
        data.write(self.work)

    def port(self, name):
        if name not in self._ports:
            self._ports[name] = machine.free_port()
        return self._ports[name]

    def pid(self, name):
        """The process that does the work of that server."""
        if name not in self._pids:
            self._pids[name] = self._start(name)
        return self._pids[name]

    def url(self, name, path):
        return f"{'https' if name.endswith('-tls') else 'http'}://127.0.0.1:{self.port(name)}{path}"

    def decider(self, name):
        """The decision service of the server ``name``."""
        return "late-stub" if name.endswith("-late") else "stub"

    def served(self, name):
        """Requests that this origin or service has answered so far, once none of an earlier run come any more; without those of this question."""
        last, asked = -1, 0
        for _ in range(100):
            time.sleep(0.15)
            # Asking is one more, each time.
            asked += 1
            now = self._counted(name)
            if now - asked == last:
                break
            last = now - asked
        self._asked[name] = self._asked.get(name, 0) + asked
        return now - self._asked[name]

    def _counted(self, name):
        told = curl(self.url(name, "/requests")).text
        # Of the three numbers in the third line of nginx's stub_status the last.
        return int(told if name == "late-stub" else told.splitlines()[2].split()[2])

    def stop(self, name):
        """Ends a server that is not needed any more."""
        if name in self._pids:
            process = next(p for n, p in self._processes if n == name)
            process.terminate()
            process.wait(timeout=60)
            del self._pids[name]

    def close(self):
        for _, process in self._processes:
            process.terminate()
        for _, process in self._processes:
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()

    def _start(self, name):
        if name in ("origin", "stub"):
            return self._nginx(name, getattr(text, name)(self), self.pinning.rest())
        if name == "late-stub":
            return self._haproxy(name, text.late_stub(self), self.pinning.rest())
        for needed in ("origin", self.decider(name)):
            self.pid(needed)
        if name.startswith("nginx-"):
            return self._nginx(name, text.nginx(self, name), self.pinning.server())
        if name.startswith("haproxy"):
            return self._haproxy(name, text.haproxy(self, name), self.pinning.server())
        return self._gateway(name)

    def _nginx(self, name, servers, prefix):
        directory = self.work / name
        directory.mkdir()
        (directory / "nginx.conf").write_text(text.nginx_process(directory, servers))
        command = [*prefix, "nginx", "-p", str(directory), "-c", str(directory / "nginx.conf"), "-e", "stderr"]
        return machine.first_child(self._run(name, command))

    def _haproxy(self, name, configuration, prefix):
        directory = self.work / name
        directory.mkdir()
        (directory / "delay.lua").write_text(text.DELAY)
        (directory / "haproxy.cfg").write_text(configuration)
        return self._run(name, [*prefix, "haproxy", "-db", "-f", str(directory / "haproxy.cfg")])

    def _gateway(self, name):
        loops = 2 if name.endswith("-2") else 1
        command = [*self.pinning.server(loops), str(self.root / "docker/esper-gateway"), "run"]
        file = self.work / f"{name}.conf"
        file.write_text(text.gateway_file(self, name))
        command += [f"--config={file}", f"--listen=127.0.0.1:{self.port(name)}", f"--origin=http://127.0.0.1:{self.port('origin')}"]
        settings = {"admin.address": "", "runtime.event-loops": loops, "log.access": "off", "limits.requests-per-connection": 100000000, **text.gateway(self, name)}
        command += [f"--set={key}={value}" for key, value in settings.items()]
        return self._run(name, command, {"JAVA_OPTS": os.environ.get("GATEWAY_JVM_OPTIONS", "")})

    def _run(self, name, command, more=None):
        output = self.work / f"{name}.output"
        with open(output, "w") as printed:
            process = subprocess.Popen(command, stdout=printed, stderr=printed, env={**environment(), **(more or {})})
        self._processes.append((name, process))
        for _ in range(600):
            if process.poll() is None and curl(self.url(name, "/"), fails=True) is not None:
                return process.pid
            if process.poll() is not None:
                break
            time.sleep(0.1)
        raise SystemExit(f"{name} does not answer on {self.url(name, '/')}\n{output.read_text()}")


def environment():
    """What the shell of a developer exports must not decide a measurement."""
    dropped = ("PORT", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS")
    return {n: v for n, v in os.environ.items() if not n.startswith("ESPER_") and n not in dropped}


@dataclass(frozen=True)
class Answer:
    """What curl saw; text is what it printed."""

    text: str
    head: int
    body: int
    status: int


def curl(url, *options, fails=False):
    """One answer, or None if it may fail and does; any will do for that, but not 502 or 503."""
    command = ["curl", "-sSk", "--max-time", "10", *options, "-w", "\n%{size_header} %{size_download} %{http_code}", url]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    printed, _, figures = done.stdout.rpartition("\n")
    head, body, status = (int(n) for n in figures.split())
    if done.returncode == 0 and status not in (502, 503):
        return Answer(printed, head, body, status)
    if fails:
        return None
    raise SystemExit(f"{url}: {status} {done.stderr}")


def missing(name):
    """The program that this server needs and that is not installed, or None."""
    program = {"nginx": "nginx", "haproxy": "haproxy", "gateway": machine.java()}[name.split("-")[0]]
    for needed in [program] + (["haproxy"] if name.endswith("-late") else []):
        if shutil.which(needed) is None:
            return needed
    return None
