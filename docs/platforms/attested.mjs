// Verifies Esper-Attestation with Web Crypto, for origins on edge functions and workers, which have no node:crypto.
// On Node use docs/attestation/attestation.mjs. See docs/attestation.md.

const SHAPE = /^v1;k=([0-9a-f]{8})((?:;[a-z]=[\w.-]*)+);m=([\w-]{43})$/;
const text = (value) => new TextEncoder().encode(value);
const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, '0')).join('');
const base64url = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');

export class Attestation {
  #keys;
  #seen = new Map(); // in the order of expiry, as all are good for as long
  #capacity;

  /** keys: hexadecimal, separated by commas; while a key is changed, the new one and the old one. */
  constructor(keys, capacity = 100_000) {
    this.#keys = Promise.all(keys.split(',').map(async (key) => {
      if (!/^(?:[0-9a-f]{2}){32,}$/i.test(key.trim())) throw new Error('attestation key: at least 64 hexadecimal digits');
      const bytes = Uint8Array.from(key.trim().match(/../g), (pair) => parseInt(pair, 16));
      const id = hex(await crypto.subtle.digest('SHA-256', bytes)).slice(0, 8);
      return [id, await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])];
    })).then((entries) => new Map(entries));
    this.#capacity = capacity;
  }

  /** What the gateway says about this request, or null if it does not say it. target is path and query as they came. */
  async verify(header, method, host, target, now = Date.now() / 1000) {
    const parts = typeof header === 'string' && header.length <= 512 ? SHAPE.exec(header) : null;
    const key = parts && (await this.#keys).get(parts[1]);
    if (!key || typeof host !== 'string') return null;
    const signed = [header.slice(0, header.lastIndexOf(';m=')), method, host.toLowerCase(), target].join('\n');
    const mac = base64url(await crypto.subtle.sign('HMAC', key, text(signed)));
    let different = 0;
    for (let i = 0; i < mac.length; i++) different |= mac.charCodeAt(i) ^ parts[3].charCodeAt(i);
    if (different !== 0) return null;
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
