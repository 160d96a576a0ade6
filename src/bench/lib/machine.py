"""What the kernel says: processor time and memory of processes, who else used the processor, and what machine this is."""

import os
import platform
import random
import shutil
import socket
import subprocess
import time
from datetime import datetime, timezone

TICKS = os.sysconf("SC_CLK_TCK")


class Pinning:
    """With two processors or more the server that is measured has the first for itself; load, origin and stub share the rest."""

    def __init__(self, wanted):
        allowed = sorted(os.sched_getaffinity(0))
        self.processors = len(allowed)
        self.active = wanted and self.processors >= 2 and shutil.which("taskset") is not None
        self.first, self.others = allowed[0], allowed[1:]

    def server(self, count=1):
        """The beginning of the command of a server that is measured, on so many processors."""
        return ["taskset", "-c", ",".join(map(str, ([self.first] + self.others)[:count]))] if self.active else []

    def rest(self, servers=1):
        """The beginning of the command of everything else, beside a server on so many processors."""
        return ["taskset", "-c", ",".join(map(str, self.others[servers - 1 :]))] if self.active else []

    def busy(self):
        """Ticks for which the server's processor has worked, whoever for; 0 without pinning."""
        if not self.active:
            return 0
        with open("/proc/stat") as stat:
            for line in stat:
                fields = line.split()
                if fields[0] == f"cpu{self.first}":
                    # user, nice, system, irq, softirq and what the machine below us gave to others
                    return sum(int(fields[i]) for i in (1, 2, 3, 6, 7, 8))
        return 0


def ticks(pid):
    """Processor time of a process with all its threads, user and system."""
    with open(f"/proc/{pid}/stat") as stat:
        # The second field, the program's name in brackets, may contain blanks; state is the first field behind it.
        fields = stat.read().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def compiler_ticks(pid):
    """Processor time of those threads of a JVM that compile."""
    worked = 0
    for thread in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{thread}/stat") as stat:
                name, _, rest = stat.read().rpartition(")")
        except FileNotFoundError:
            # A compiler that has had nothing to do for a while ends.
            continue
        if "CompilerThre" in name:
            fields = rest.split()
            worked += int(fields[11]) + int(fields[12])
    return worked


def resident_mib(pid):
    with open(f"/proc/{pid}/status") as status:
        for line in status:
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    return 0.0


def first_child(pid):
    """The worker of a master process."""
    for _ in range(100):
        with open(f"/proc/{pid}/task/{pid}/children") as children:
            found = children.read().split()
        if found:
            return int(found[0])
        time.sleep(0.05)
    raise SystemExit(f"process {pid} has no worker")


_used_ports = set()


def free_port():
    """A port below the range that the kernel gives to outgoing connections, so that none of those takes it in between."""
    while True:
        port = random.randrange(20000, 32000)
        if port in _used_ports:
            continue
        _used_ports.add(port)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port


def java():
    home = os.environ.get("JAVA_HOME")
    return os.path.join(home, "bin", "java") if home else "java"


def _said(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return (done.stdout + done.stderr).strip().splitlines() or ["unknown"]


def processor_name():
    with open("/proc/cpuinfo") as lines:
        return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def load():
    with open("/proc/loadavg") as averages:
        return " ".join(averages.read().split()[:3])


def description(root, pinning):
    """Lines that say where and with what the figures were taken."""
    versions = [_said("nginx", "-v")[0].split(": ")[-1]]
    if shutil.which("haproxy"):
        versions.append("haproxy " + _said("haproxy", "-v")[0].split()[2])
    versions.append("wrk " + _said("wrk", "-v")[0].split()[1])
    if shutil.which("h2load"):
        versions.append(_said("h2load", "--version")[0])
    versions.append(_said(java(), "-version")[-1])
    versions.append(_said("git", "-C", str(root), "describe", "--always", "--dirty")[0])
    return [
        f"date:     {datetime.now(timezone.utc):%Y-%m-%dT%H:%M:%SZ}",
        f"machine:  {pinning.processors} processors, {processor_name()}, Linux {platform.release()}, load {load()}",
        f"versions: {', '.join(versions)}",
        f"pinning:  {' '.join(pinning.server()) or 'none'} for the server, {' '.join(pinning.rest()) or 'none'} for load, origin and decision service",
        f"options:  {os.environ.get('GATEWAY_JVM_OPTIONS') or 'none'} for the JVM of the gateway",
    ]
