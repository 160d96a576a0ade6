// The handler of a Lambda container image in which the gateway runs: function URL -> gateway -> application. See README.md beside it.
import { spawn } from 'node:child_process';
import { request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const port = Number(process.env.GATEWAY_PORT || 8080);
const HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'x-lambda-source-ip', 'content-length']);

if (process.env.GATEWAY_COMMAND) {
  const gateway = spawn(process.env.GATEWAY_COMMAND, { shell: true, stdio: 'inherit' });
  // A function whose gateway is gone is started anew with the next request.
  gateway.on('exit', (code) => process.exit(code || 1));
  process.on('exit', () => gateway.kill());
  // Of a signal nobody would hear of it, and the gateway would stay.
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0));
}
await listening();

async function listening() {
  for (let tries = 0; tries < 600; tries++) {
    const open = await new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false)).on('close', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (open) return;
    await pause(50);
  }
  throw new Error(`no gateway listens on port ${port}`);
}

export function handler(event) {
  const { http } = event.requestContext;
  const headers = {};
  for (const [name, value] of Object.entries(event.headers)) if (!HOP.has(name)) headers[name] = value;
  if (event.cookies?.length) headers.cookie = event.cookies.join('; ');
  // The one address that a visitor cannot write; gateway.conf reads it (client.address-header).
  headers['x-lambda-source-ip'] = http.sourceIp;
  const body = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (body.length > 0) headers['content-length'] = body.length;
  const path = event.rawPath + (event.rawQueryString ? `?${event.rawQueryString}` : '');
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, method: http.method, path, headers }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => resolve(answer(response, Buffer.concat(parts))));
    });
    call.on('error', reject);
    call.end(body);
  });
}

function answer(response, body) {
  const headers = {};
  for (const [name, value] of Object.entries(response.headers)) {
    if (!HOP.has(name) && name !== 'set-cookie') headers[name] = String(value);
  }
  return {
    statusCode: response.statusCode, headers, cookies: response.headers['set-cookie'] ?? [],
    body: body.toString('base64'), isBase64Encoded: true,
  };
}
