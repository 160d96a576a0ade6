// Talks WebSocket through the gateway: the ws package's server echoes, its client checks. Arguments: "serve", which prints its
// port, or "talk URL". Prints one line for each thing that was right and exits with 1 at the first that was not.
import { createRequire } from 'node:module';
import { randomBytes } from 'node:crypto';
const { WebSocket, WebSocketServer } = createRequire(process.cwd() + '/')('ws');

function serve() {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: true, maxPayload: 64 << 20 });
  server.on('listening', () => console.log(server.address().port));
  server.on('connection', (socket) => {
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
    socket.on('close', (code, reason) => console.log(`closed ${code} ${reason}`));
  });
}

function opened(url, options) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, options);
    socket.on('open', () => resolve(socket));
    socket.on('error', reject);
    socket.on('unexpected-response', (_, response) => reject(new Error(`status ${response.statusCode}`)));
  });
}

const next = (socket, event) => new Promise((resolve) => socket.once(event, (...all) => resolve(all)));

function check(what, right) {
  if (!right) {
    console.log(`wrong: ${what}`);
    process.exit(1);
  }
  console.log(`ok: ${what}`);
}

async function echoed(socket, data, sending) {
  const answer = next(socket, 'message');
  sending();
  const [back, isBinary] = await answer;
  return Buffer.compare(Buffer.from(data), back) === 0 && isBinary === (typeof data !== 'string');
}

async function talk(url) {
  for (const perMessageDeflate of [false, true]) {
    const socket = await opened(url, { perMessageDeflate });
    const mode = perMessageDeflate ? 'compressed' : 'plain';
    check(`${mode} text`, await echoed(socket, 'grüß dich', () => socket.send('grüß dich')));
    const megabyte = randomBytes(1 << 20);
    check(`${mode} 1 MiB`, await echoed(socket, megabyte, () => socket.send(megabyte)));
    const parts = Array.from({ length: 16 }, () => randomBytes(70_000));
    check(`${mode} fragments`, await echoed(socket, Buffer.concat(parts), () =>
      parts.forEach((part, i) => socket.send(part, { fin: i === parts.length - 1, binary: true }))));
    const pong = next(socket, 'pong');
    socket.ping('now');
    check(`${mode} ping`, String((await pong)[0]) === 'now');
    const closed = next(socket, 'close');
    socket.close(4321, 'enough');
    check(`${mode} close code`, (await closed)[0] === 4321);
  }
  const many = await Promise.all(Array.from({ length: 50 }, () => opened(url)));
  const right = await Promise.all(many.map((socket, i) => echoed(socket, `number ${i}`, () => socket.send(`number ${i}`))));
  check('50 at once', right.every(Boolean));
  many.forEach((socket) => socket.terminate());
  const refused = await opened(url.replace('/chat', '/blocked')).then(() => 'opened', (error) => error.message);
  check('a blocked handshake', refused === 'status 403');
  // Stays until the gateway goes.
  const last = await opened(url);
  console.log('waiting');
  check('close frame when the gateway stops', (await next(last, 'close'))[0] === 1001);
}

const [what, url] = process.argv.slice(2);
await (what === 'serve' ? serve() : talk(url));
