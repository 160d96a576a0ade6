// Asks Esper, or a service of your own (esper-gateway server), about requests, where no gateway can stand: edge functions and workers.
// Only fetch, Request, Response and Web Crypto, so it runs on Vercel, Cloudflare, Deno and Node 18. See docs/platforms/README.md.
// It does what the gateway does in mode cloud, less policies of its own, forms that survive a challenge, and challenges held here.

import { Attestation } from './attested.mjs';

const PROOF = 'esper_challenge_proof';
const COOKIE = 'esper_challenge';
const TOLD = ['accept', 'accept-encoding', 'accept-language', 'content-type', 'origin', 'referer', 'user-agent'];
// Spellings of a path that applications read in different ways; the gateway refuses them, too.
const AMBIGUOUS = /%(?:00|2f|3b|5c|25[0-9a-f]{2})|[\\;]|%(?![0-9a-f]{2})/i;
const LONGEST_PASS = 3600;
const LONGEST_ANSWER = 65536;
const FAIL = { open: 'open', closed: 'closed' };

class Failed extends Error {}

/**
 * options: apiUrl, apiKey; source, the name of this place; timeout in milliseconds; failure, 'open' or 'closed': what happens to a request
 * about which nothing could be asked; challengeHosts, where challenges may be besides apiUrl's host and its siblings; attestationKeys,
 * with which nobody is asked: a gateway in front decides, and what it does not vouch for is not let in.
 */
export function esper({
  apiUrl = 'https://api.esperr.com', apiKey, source = 'edge', timeout = 500, failure = 'open', challengeHosts = [],
  attestationKeys,
}) {
  if (attestationKeys) return vouched(new Attestation(attestationKeys));
  if (!apiKey) throw new Error('apiKey: missing (expected: the key of your tenant)');
  if (!FAIL[failure]) throw new Error(`failure: ${failure} (expected: open or closed)`);
  const api = new URL(apiUrl);
  const key = crypto.subtle.importKey('raw', bytes(`pass\n${apiKey}`), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']);

  async function ask(path, question) {
    let answer;
    try {
      answer = await fetch(new URL(`/api/v1/${path}`, api), {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-esper-api-key': apiKey },
        body: JSON.stringify(question),
        redirect: 'manual',
        signal: AbortSignal.timeout(timeout),
      });
      const text = await limited(answer);
      if (answer.ok) return object(text);
      // The path is one that applications read in different ways: that is an answer.
      if (answer.status === 400 && object(text).error?.field === 'request.path') return { action: 'refuse' };
    } catch (error) {
      if (error instanceof SyntaxError || error instanceof RangeError) throw new Failed(answer.status >= 500 ? 'server_error' : 'malformed');
      throw new Failed(error.name === 'TimeoutError' || error.name === 'AbortError' ? 'timeout' : 'connect');
    }
    if (answer.status === 401 || answer.status === 403) throw new Failed('unauthorized');
    if (answer.status === 429) throw new Failed('rate_limited');
    throw new Failed(answer.status >= 500 ? 'server_error' : 'malformed');
  }

  async function decide(request, url, address) {
    const headers = address ? { 'x-forwarded-for': address } : {};
    for (const name of TOLD) if (request.headers.has(name)) headers[name] = request.headers.get(name);
    const answer = await ask('runtime/mitigation', {
      source,
      observed_at: new Date().toISOString(),
      idempotency_key: crypto.randomUUID(),
      return_url: url.href,
      request: {
        method: request.method, path: url.pathname, headers, query_params: Object.fromEntries(url.searchParams),
        cookies: {}, route_params: {}, ...(address ? { client_ip: address } : {}), user_agent: request.headers.get('user-agent') ?? '',
      },
      fields: { probe: '1' },
    });
    const told = answer.action ?? answer.decision ?? answer.active_mitigation?.decision ?? 'allow';
    const action = typeof told === 'string' ? told.toLowerCase() : null;
    if (action === 'monitor' || action === 'observe') return { action: 'allow' };
    if (!['allow', 'block', 'challenge', 'refuse'].includes(action)) throw new Failed('malformed');
    return { action, location: answer.redirect_url ?? answer.challenge?.redirect_url };
  }

  function isChallenge(location) {
    try {
      const { protocol, hostname } = new URL(location);
      const siblings = api.hostname.split('.').length > 2 ? api.hostname.slice(api.hostname.indexOf('.')) : null;
      const sibling = siblings && hostname.endsWith(siblings) && !hostname.slice(0, -siblings.length).includes('.');
      return /^https?:$/.test(protocol) && (hostname === api.hostname || sibling || challengeHosts.includes(hostname));
    } catch {
      return false;
    }
  }

  const passText = (request, url, end) => bytes([url.hostname, request.headers.get('user-agent'), end].join('\n'));

  async function hasPass(request, url) {
    for (const [, end, mac] of (request.headers.get('cookie') ?? '').matchAll(/(?:^|;\s*)esper_challenge=(\d{10})\.([\w-]{43})(?=;|$)/g)) {
      if (Number(end) > Date.now() / 1000 && (await crypto.subtle.verify('HMAC', await key, raw(mac), passText(request, url, end)))) return true;
    }
    return false;
  }

  /** The reply to somebody who brings a proof, or null if it is not worth one. */
  async function admit(request, url, proofs) {
    if (proofs.length !== 1 || !/^(GET|HEAD)$/.test(request.method) || !isPage(request)) return null;
    const said = await ask('challenge/proof/verify', { proof_token: proofs[0] });
    const valid = [said.valid, said.verified, said.ok, said.success].find((value) => value !== undefined);
    if (valid !== true || (said.return_host && said.return_host !== url.hostname)) return null;
    const now = Math.floor(Date.now() / 1000);
    const told = said.expires_at ? Math.floor(Date.parse(said.expires_at) / 1000) - now : (said.expires_in ?? said.ttl_seconds ?? 300);
    const left = Math.min(told, LONGEST_PASS);
    if (!(left > 0)) return null;
    const end = now + left;
    const mac = text64(await crypto.subtle.sign('HMAC', await key, passText(request, url, end)));
    const secure = url.protocol === 'https:' ? '; Secure' : '';
    return new Response(null, {
      status: 302,
      headers: {
        // Two slashes in front would lead to another host.
        location: url.pathname.replace(/^\/+/, '/') + url.search,
        'set-cookie': `${COOKIE}=${end}.${mac}; Path=/; Max-Age=${left}; HttpOnly; SameSite=Lax${secure}`,
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
      },
    });
  }

  /**
   * What becomes of a request that came from address: { reply } if it is answered here, else { url, headers } as the application is to
   * see it, without proofs, passes and whatever a visitor could use to speak in our name.
   */
  async function check(request, address) {
    const url = new URL(request.url);
    const proofs = url.searchParams.getAll(PROOF);
    if (proofs.length > 0) {
      // Not through searchParams, which would spell the rest anew.
      url.search = url.search.slice(1).split('&').filter((pair) => decode(pair.split('=')[0]) !== PROOF).join('&');
    }
    const headers = cleaned(request.headers);
    if (AMBIGUOUS.test(url.pathname)) return { reply: answer(request, 400, null) };
    try {
      const admitted = proofs.length > 0 ? await admit(request, url, proofs) : null;
      if (admitted) return { reply: admitted };
      if (await hasPass(request, url)) return { url, headers };
      const decision = await decide(request, url, address);
      if (decision.action === 'block') return { reply: answer(request, 403, 'block') };
      if (decision.action === 'refuse') return { reply: answer(request, 400, null) };
      if (decision.action === 'allow' || isPreflight(request)) return { url, headers };
      // A challenge that leads nowhere is no reason to let anybody in.
      return { reply: isChallenge(decision.location) ? challenge(request, decision.location) : answer(request, 403, 'block') };
    } catch (failed) {
      if (!(failed instanceof Failed)) throw failed;
      if (failure === FAIL.closed) return { reply: answer(request, 403, 'block') };
      headers.set('esper-decision', `fail-open; reason=decision_${failed.message}`);
      return { url, headers };
    }
  }

  return { check };
}

/** The settings that variables of the environment have. */
export function settings(env, source) {
  return {
    source,
    apiUrl: env.ESPER_API_URL || undefined,
    apiKey: env.ESPER_API_KEY,
    timeout: Number(env.ESPER_TIMEOUT_MS || 500),
    failure: env.ESPER_ON_FAILURE || undefined,
    challengeHosts: (env.ESPER_CHALLENGE_HOSTS || '').split(',').filter(Boolean),
    attestationKeys: env.ESPER_ATTESTATION_KEYS || undefined,
  };
}

function vouched(attestation) {
  return {
    async check(request) {
      const url = new URL(request.url);
      const target = url.pathname + url.search;
      const claims = await attestation.verify(request.headers.get('esper-attestation'), request.method, url.host, target);
      return claims ? { url, headers: cleaned(request.headers), claims } : { reply: answer(request, 403, null) };
    },
  };
}

function object(text) {
  const value = JSON.parse(text);
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw new SyntaxError('no object');
  return value;
}

async function limited(answer) {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  if (!answer.body) return text;
  const reader = answer.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    text += decoder.decode(part.value, { stream: true });
    if (text.length > LONGEST_ANSWER) {
      reader.cancel().catch(() => {});
      throw new RangeError('answer too long');
    }
  }
  return text;
}

function cleaned(all) {
  const headers = new Headers(all);
  for (const name of [...headers.keys()]) {
    if (/^(?:x-)?esper-/.test(name.replace(/[^a-z0-9]/g, '-'))) headers.delete(name);
  }
  const cookies = headers.get('cookie');
  if (cookies?.includes(COOKIE)) {
    const others = cookies.split(';').filter((pair) => !/^\s*(?:__host-|__secure-)?esper_challenge/i.test(pair)).join(';').trim();
    if (others) headers.set('cookie', others);
    else headers.delete('cookie');
  }
  const referer = headers.get('referer');
  if (referer?.includes(PROOF)) headers.set('referer', referer.split('?')[0]);
  return headers;
}

function isPage(request) {
  const mode = request.headers.get('sec-fetch-mode');
  if (mode) return mode === 'navigate';
  const accept = request.headers.get('accept') ?? '';
  return accept.includes('text/html') && request.headers.get('x-requested-with') !== 'XMLHttpRequest';
}

function isPreflight(request) {
  return request.method === 'OPTIONS' && request.headers.has('access-control-request-method');
}

function challenge(request, location) {
  if (!isPage(request)) return answer(request, 403, 'challenge', location);
  const status = request.method === 'GET' || request.method === 'HEAD' ? 302 : 303;
  return new Response(null, { status, headers: { ...ours('challenge', reference()), location } });
}

function answer(request, status, mitigated, location) {
  const id = reference();
  const headers = ours(mitigated, id);
  const title = status === 400 ? 'Bad Request' : 'Forbidden';
  const detail = status === 400 ? 'This request cannot be understood in one way only.'
    : location ? 'This site checks that its visitors are not robots before it lets them in.'
      : 'This request was not let through.';
  if (isPage(request)) {
    headers['content-type'] = 'text/html; charset=utf-8';
    headers['content-security-policy'] = "default-src 'none'";
    return new Response(
      `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>`
      + `<h1>${title}</h1><p>${detail}</p><p>Reference: ${id}</p></html>\n`, { status, headers });
  }
  headers['content-type'] = 'application/problem+json';
  if (location) headers['esper-challenge'] = location;
  const problem = { type: 'about:blank', title, status, detail, challenge_url: location, reference: id };
  return new Response(`${JSON.stringify(problem)}\n`, { status, headers });
}

function ours(mitigated, id) {
  return {
    'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'esper-reference': id,
    ...(mitigated ? { 'esper-mitigated': mitigated } : {}),
  };
}

function reference() {
  return [...crypto.getRandomValues(new Uint8Array(10))].map((byte) => '0123456789ABCDEFGHJKMNPQRSTVWXYZ'[byte & 31]).join('');
}

const bytes = (text) => new TextEncoder().encode(text);
const text64 = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
const raw = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (char) => char.charCodeAt(0));

function decode(text) {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '));
  } catch {
    return text;
  }
}
