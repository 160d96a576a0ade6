// Plays a platform: takes HTTP on a free port as the platform's edge does, calls the recipe's handler as the platform calls it, and has
// what that lets through answered by the origin. The visitor is whoever the test names in X-Forwarded-For; what he writes into the
// platform's own fields is replaced as the platform replaces it.
import { webcrypto } from 'node:crypto';
import http from 'node:http';
import { pathToFileURL } from 'node:url';

globalThis.crypto ??= webcrypto;
const [platform, directory, origin] = process.argv.slice(2);
const load = (file) => import(pathToFileURL(`${directory}/${file}`));

async function body(req) {
  const parts = [];
  for await (const part of req) parts.push(part);
  return Buffer.concat(parts);
}

function fieldsOf(req, own) {
  const headers = new Headers();
  for (let i = 0; i < req.rawHeaders.length; i += 2) {
    const name = req.rawHeaders[i].toLowerCase();
    if (!['connection', 'content-length', 'transfer-encoding', 'x-forwarded-for', ...Object.keys(own)].includes(name)) {
      headers.append(name, req.rawHeaders[i + 1]);
    }
  }
  for (const [name, value] of Object.entries(own)) headers.set(name, value);
  return headers;
}

function visitor(req) {
  return (req.headers['x-forwarded-for'] ?? '').split(',').pop().trim();
}

function requestOf(req, own, content, scheme = 'http') {
  const bare = req.method === 'GET' || req.method === 'HEAD';
  const headers = fieldsOf(req, own);
  return new Request(`${scheme}://${req.headers.host}${req.url}`, { method: req.method, headers, body: bare ? undefined : content });
}

/** Asks the origin, as the application. */
function application(method, target, headers, content) {
  return new Promise((resolve, reject) => {
    const call = http.request(new URL(origin), { method, path: target, headers: { ...headers, 'content-length': content.length } }, async (res) =>
      resolve({ status: res.statusCode, headers: res.headers, content: await body(res) }));
    call.on('error', reject);
    call.end(content);
  });
}

async function send(res, response) {
  res.statusCode = response.status;
  for (const [name, value] of response.headers) if (name !== 'transfer-encoding') res.setHeader(name, value);
  res.end(Buffer.from(await response.arrayBuffer()));
}

async function vercel() {
  const { default: middleware } = await load('middleware.mjs');
  return async (req, res) => {
    const content = await body(req);
    const response = await middleware(requestOf(req, { 'x-real-ip': visitor(req) }, content));
    const rewritten = response.headers.get('x-middleware-rewrite');
    if (!rewritten && response.headers.get('x-middleware-next') !== '1') return send(res, response);
    const headers = {};
    for (const name of response.headers.get('x-middleware-override-headers').split(',')) {
      headers[name] = response.headers.get(`x-middleware-request-${name}`);
    }
    const url = new URL(rewritten ?? `http://${req.headers.host}${req.url}`);
    const answer = await application(req.method, rewritten ? url.pathname + url.search : req.url, headers, content);
    res.writeHead(answer.status, answer.headers).end(answer.content);
  };
}

async function cloudflare() {
  const { default: worker } = await load('worker.mjs');
  const env = { ...process.env, ORIGIN: origin };
  return async (req, res) =>
    send(res, await worker.fetch(requestOf(req, { 'cf-connecting-ip': visitor(req) }, await body(req)), env));
}

async function lambda(file) {
  globalThis.application = async (event) => {
    const target = event.rawPath + (event.rawQueryString ? `?${event.rawQueryString}` : '');
    const headers = { ...event.headers };
    if (event.cookies) headers.cookie = event.cookies.join('; ');
    const content = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
    const answer = await application(event.requestContext.http.method, target, headers, content);
    return { statusCode: answer.status, headers: answer.headers, body: answer.content.toString() };
  };
  const { handler } = await load(file);
  return async (req, res) => {
    // Of several addresses a function URL keeps the first, the visitor's own word.
    const headers = Object.fromEntries(fieldsOf(req, { 'x-forwarded-for': '192.0.2.66', 'x-forwarded-proto': 'https' }));
    const cookies = headers.cookie?.split('; ');
    delete headers.cookie;
    const [rawPath, rawQueryString = ''] = req.url.split(/\?(.*)/s);
    const content = await body(req);
    const answer = await handler({
      version: '2.0', rawPath, rawQueryString, headers, cookies, body: content.toString('base64'), isBase64Encoded: true,
      requestContext: { domainName: req.headers.host, http: { method: req.method, path: rawPath, sourceIp: visitor(req) } },
    }, {});
    res.statusCode = answer.statusCode;
    for (const [name, value] of Object.entries(answer.headers)) res.setHeader(name, value);
    if (answer.cookies?.length) res.setHeader('set-cookie', answer.cookies);
    res.removeHeader('content-length');
    res.end(Buffer.from(answer.body ?? '', answer.isBase64Encoded ? 'base64' : 'utf8'));
  };
}

async function google() {
  const { protect } = await load('protect.mjs');
  const handler = protect(async (req, res) => {
    const headers = { ...req.headers };
    delete headers['transfer-encoding'];
    delete headers.connection;
    const answer = await application(req.method, req.url, headers, await body(req));
    res.writeHead(answer.status, answer.headers).end(answer.content);
  });
  return (req, res) => {
    // Google appends, so that the visitor's own word stands first.
    const address = visitor(req);
    req.headers['x-forwarded-for'] = `192.0.2.66, ${address}`;
    req.headers['x-forwarded-proto'] = 'http';
    return handler(req, res);
  };
}

const platforms = {
  vercel, cloudflare, 'aws-lambda': () => lambda('index.mjs'), 'aws-bridge': () => lambda('bridge.mjs'), 'google-cloud': google,
};
const handle = await platforms[platform]();
const server = http.createServer((req, res) => {
  Promise.resolve(handle(req, res)).catch((defect) => {
    console.error(defect);
    res.statusCode = 500;
    res.end(`defect: ${defect.message}\n`);
  });
});
server.listen(0, '127.0.0.1', () => console.log(`listening on 127.0.0.1:${server.address().port}`));
