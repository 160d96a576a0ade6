"""Verifies Esper-Attestation; Python 3.8 or newer, nothing to install. See docs/attestation.md."""
import base64
import hashlib
import hmac
import re
import threading
import time

SHAPE = re.compile(r"v1;k=([0-9a-f]{8})((?:;[a-z]=[A-Za-z0-9_.-]*)+);m=([A-Za-z0-9_-]{43})")


class Attestation:
    def __init__(self, keys, capacity=100_000):
        """keys: hexadecimal, separated by commas; while a key is changed, the new one and the old one."""
        self._keys = {}
        for text in keys.split(","):
            key = bytes.fromhex(text.strip())
            if len(key) < 32:
                raise ValueError("attestation key: at least 64 hexadecimal digits")
            self._keys[hashlib.sha256(key).hexdigest()[:8]] = key
        self._capacity = capacity
        self._seen = {}  # in the order of expiry, as all are good for as long
        self._lock = threading.Lock()

    def verify(self, header, method, host, target, now=None):
        """What the gateway says about this request, or None if it does not say it. target is path and query as they came."""
        now = time.time() if now is None else now
        parts = SHAPE.fullmatch(header) if header and len(header) <= 512 else None
        key = self._keys.get(parts[1]) if parts else None
        if key is None or host is None:  # HTTP/1.0 has requests without one
            return None
        text = header[: header.rindex(";m=")]
        try:
            signed = "\n".join((text, method, host.lower(), target)).encode("latin-1")
        except UnicodeEncodeError:
            return None
        mac = base64.urlsafe_b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode().rstrip("=")
        if not hmac.compare_digest(mac, parts[3]):
            return None
        claims = {pair[0]: pair[2:] for pair in parts[2][1:].split(";")}
        expires = int(claims["x"])
        if expires <= now or not self._is_new(mac, expires, now):
            return None
        return {
            "decision": claims["d"], "source": claims["s"], "level": int(claims["l"]), "entity": claims.get("e"),
            "reference": claims["r"], "fail_open": claims.get("f"), "expires": expires,
        }

    def _is_new(self, mac, expires, now):
        with self._lock:
            while self._seen:
                old = next(iter(self._seen))
                if self._seen[old] > now and len(self._seen) < self._capacity:
                    break
                del self._seen[old]
            if mac in self._seen:
                return False
            self._seen[mac] = expires
            return True
