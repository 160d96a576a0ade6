// Verifies Esper-Attestation; Node 18 or newer, nothing to install. See docs/attestation.md.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

const SHAPE = /^v1;k=([0-9a-f]{8})((?:;[a-z]=[\w.-]*)+);m=([\w-]{43})$/;

export class Attestation {
  #keys = new Map();
  #seen = new Map(); // in the order of expiry, as all are good for as long
  #capacity;

  /** keys: hexadecimal, separated by commas; while a key is changed, the new one and the old one. */
  constructor(keys, capacity = 100_000) {
    for (const key of keys.split(',')) {
      const bytes = Buffer.from(key.trim(), 'hex');
      if (!/^(?:[0-9a-f]{2}){32,}$/i.test(key.trim())) throw new Error('attestation key: at least 64 hexadecimal digits');
      this.#keys.set(createHash('sha256').update(bytes).digest('hex').slice(0, 8), bytes);
    }
    this.#capacity = capacity;
  }

  /** What the gateway says about this request, or null if it does not say it. target is path and query as they came. */
  verify(header, method, host, target, now = Date.now() / 1000) {
    const parts = typeof header === 'string' && header.length <= 512 ? SHAPE.exec(header) : null;
    const key = parts && this.#keys.get(parts[1]);
    // HTTP/1.0 has requests without a host; beyond Latin-1 two characters would be signed alike.
    if (!key || typeof host !== 'string' || !/^[\0-\xff]*$/.test(host + target)) return null;
    const text = header.slice(0, header.lastIndexOf(';m='));
    const signed = [text, method, host.toLowerCase(), target].join('\n');
    const mac = createHmac('sha256', key).update(signed, 'latin1').digest('base64url');
    if (!timingSafeEqual(Buffer.from(mac), Buffer.from(parts[3]))) return null;
    const claims = Object.fromEntries(parts[2].slice(1).split(';').map((pair) => [pair[0], pair.slice(2)]));
    const expires = Number(claims.x);
    return expires > now && this.#isNew(mac, expires, now)
      ? {
          decision: claims.d, source: claims.s, level: Number(claims.l), entity: claims.e ?? null,
          reference: claims.r, failOpen: claims.f ?? null, expires,
        }
      : null;
  }

  #isNew(mac, expires, now) {
    for (const [old, end] of this.#seen) {
      if (end > now && this.#seen.size < this.#capacity) break;
      this.#seen.delete(old);
    }
    if (this.#seen.has(mac)) return false;
    this.#seen.set(mac, expires);
    return true;
  }
}
