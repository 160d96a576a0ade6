// A Cloudflare Worker on a route of the zone, or with the origin in ORIGIN. See README.md beside it.
import { esper, settings } from './esper.mjs';

const guards = new Map();

function guard(env) {
  const key = JSON.stringify(settings(env, 'cloudflare'));
  if (!guards.has(key)) guards.set(key, esper(JSON.parse(key)));
  return guards.get(key);
}

export default {
  async fetch(request, env) {
    // Cloudflare writes cf-connecting-ip itself, whatever a visitor sends.
    const { reply, url, headers } = await guard(env).check(request, request.headers.get('cf-connecting-ip') ?? '');
    if (reply) return reply;
    if (env.ORIGIN) {
      const origin = new URL(env.ORIGIN);
      headers.set('x-forwarded-host', url.host);
      headers.delete('host');
      url.protocol = origin.protocol;
      url.hostname = origin.hostname;
      // Not the port that the visitor used.
      url.port = origin.port;
    }
    const body = request.body ?? undefined;
    return fetch(new Request(url, { method: request.method, headers, body, redirect: 'manual', duplex: body && 'half' }));
  },
};
