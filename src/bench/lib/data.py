"""Files that the servers need: a large page, a body to post, certificates, policies, and what a gateway remembered."""

import random
import struct
import subprocess
import time
import zlib

LARGE, POST, POLICIES = "large", "post.json", "policies.conf"
CERTIFICATE, KEY, BUNDLE = "certificate.pem", "key.pem", "bundle.pem"
MITIGATIONS = 100_000


def write(work):
    (work / LARGE).write_bytes(b"x" * 100 * 1024)
    head = '{"name":"a review","stars":4,"text":"'
    (work / POST).write_text(head + "y" * (2048 - len(head) - 2) + '"}')
    (work / POLICIES).write_text(policies(1000))
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
        + ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", str(work / KEY), "-out", str(work / CERTIFICATE)],
        check=True,
        capture_output=True,
    )
    (work / BUNDLE).write_bytes((work / CERTIFICATE).read_bytes() + (work / KEY).read_bytes())


def policies(count):
    """An ordinary mix that concerns nobody here: paths, agents, networks, headers, cookies and a window."""
    kinds = [
        'field = request_path, operator = starts_with, value = "/area-{i}/"',
        'field = user_agent, operator = contains, value = "scanner-{i}"',
        'field = client_ip, operator = in_range, value = "10.{low}.{high}.0/24"',
        'field = request_path, operator = ends_with, value = "/backup-{i}.zip"',
        'field = "request_header[x-client]", operator = equals, value = "app-{i}"',
        'field = "cookie[campaign]", operator = equals, value = "spring-{i}"',
        'field = "query_param[token]", operator = in, value = [ "a{i}", "b{i}" ]',
        'field = request_path, operator = equals, value = "/signin-{i}"',
    ]
    lines = []
    for i in range(count):
        match = kinds[i % len(kinds)].format(i=i, low=i % 256, high=i // 256)
        window = ", window { seconds = 60, threshold = 10 }" if i % len(kinds) == 7 else ""
        lines.append(f"  {{ policy_id = p{i}, clauses = [ {{ mitigation = block, match = {{ {match} }}{window} }} ] }}")
    return "policies = [\n" + "\n".join(lines) + "\n]\n"


def snapshot(path):
    """A snapshot of hybrid with blocks for visitors who are not here, in the form of hybrid.Snapshot; its path."""
    keys = random.Random(9)
    expires = int(time.time() * 1000) + 3_600_000
    name = b"learned"
    parts = [struct.pack(">iiqqi", 0x45485942, 3, 1, 2, 1), struct.pack(">H", len(name)), name, struct.pack(">ii", -1, MITIGATIONS)]
    for _ in range(MITIGATIONS):
        # two halves of a key, block, until when; no challenge, no id, no reason
        parts.append(struct.pack(">QQBq???", keys.getrandbits(64), keys.getrandbits(64), 2, expires, False, False, False))
    content = b"".join(parts)
    path.write_bytes(content + struct.pack(">q", zlib.crc32(content)))
    return path
