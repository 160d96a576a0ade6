// An application as exec runs it: listens where PORT says, ends at TERM when its requests are answered.
// BOOT_MILLIS: how long it takes to listen; IGNORE_TERM: it stays; QUITS: it does not finish them; READY_FILE: what it writes when it listens;
// FAIL_ONCE: a file whose absence makes it end with 7, after it has written it.
import { createServer } from 'node:http';
import { existsSync, writeFileSync } from 'node:fs';

const env = process.env;
if (env.FAIL_ONCE && !existsSync(env.FAIL_ONCE)) {
    writeFileSync(env.FAIL_ONCE, 'x');
    process.exit(7);
}
let requests = 0;
const server = createServer((request, response) => {
    requests++;
    const url = new URL(request.url, 'http://app');
    if (url.pathname === '/exit') {
        process.exit(Number(url.searchParams.get('code')));
    }
    if (url.pathname === '/exit-once' && !existsSync(env.EXIT_ONCE)) {
        writeFileSync(env.EXIT_ONCE, 'x');
        process.exit(9);
    }
    if (url.pathname === '/status') {
        response.statusCode = Number(url.searchParams.get('code'));
    }
    request.resume().on('end', () => {
        setTimeout(() => response.end('app ' + process.pid), Number(url.searchParams.get('millis') ?? 0));
    });
});
for (const signal of ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGWINCH']) {
    process.on(signal, () => console.log('app got ' + signal));
}
process.on('SIGTERM', () => {
    console.log('app got SIGTERM');
    if (env.QUITS) {
        process.exit(0);
    }
    if (!env.IGNORE_TERM) {
        server.close(() => process.exit(0));
    }
});
setTimeout(() => {
    server.listen(/^\d+$/.test(env.PORT) ? { port: Number(env.PORT), host: '127.0.0.1' } : env.PORT, () => {
        console.log('app listens, socket ' + env.SOCKET);
        if (env.READY_FILE) {
            writeFileSync(env.READY_FILE, 'ready');
        }
    });
}, Number(env.BOOT_MILLIS ?? 0));
