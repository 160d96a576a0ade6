// An application as exec runs it: listens where PORT says, ends at TERM when its requests are answered.
// BOOT_MILLIS: how long it takes to listen; BOOTS_UNTIL: it does not listen before there is this file; IGNORE_TERM: it stays; QUITS: it does not finish them; READY_FILE: what it writes when it listens;
// FAIL_ONCE: a file whose absence makes it end with 7, after it has written it; STAYS_UNTIL: at TERM it goes on until there is this file;
// DIARY: a file in which it writes what became of each request with an id, the port of each connection that it was given, and of each that it closed itself.
import { createServer } from 'node:http';
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';

const env = process.env;
if (env.FAIL_ONCE && !existsSync(env.FAIL_ONCE)) {
    writeFileSync(env.FAIL_ONCE, 'x');
    process.exit(7);
}
const note = line => {
    if (env.DIARY) {
        appendFileSync(env.DIARY, line + '\n');
    }
};
const under = new Set();
const take = (id, response) => {
    note('took ' + id);
    under.add(id);
    response.on('finish', () => note('answered ' + id)).on('close', () => {
        under.delete(id);
        if (!response.writableFinished) {
            note('lost ' + id);
        }
    });
};
process.on('exit', () => under.forEach(id => note('cut ' + id)));
const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://app');
    if (url.searchParams.has('id')) {
        take(url.searchParams.get('id'), response);
    }
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
server.on('connection', socket => {
    const port = socket.remotePort;
    note('accepted ' + port);
    let left = false;
    socket.on('end', () => left = true).on('error', () => left = true).on('close', () => left || note('closed connection ' + port));
});
const leave = () => {
    if (env.STAYS_UNTIL && !existsSync(env.STAYS_UNTIL)) {
        setTimeout(leave, 50);
        return;
    }
    note('closes ' + Date.now());
    server.close(() => process.exit(0));
};
for (const signal of ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGWINCH']) {
    process.on(signal, () => console.log('app got ' + signal));
}
process.on('SIGTERM', () => {
    console.log('app got SIGTERM');
    if (env.QUITS) {
        process.exit(0);
    }
    if (!env.IGNORE_TERM) {
        leave();
    }
});
const listen = () => {
    if (env.BOOTS_UNTIL && !existsSync(env.BOOTS_UNTIL)) {
        setTimeout(listen, 50);
        return;
    }
    server.listen(/^\d+$/.test(env.PORT) ? { port: Number(env.PORT), host: '127.0.0.1' } : env.PORT, () => {
        console.log('app listens, socket ' + env.SOCKET);
        if (env.READY_FILE) {
            writeFileSync(env.READY_FILE, 'ready');
        }
    });
};
setTimeout(listen, Number(env.BOOT_MILLIS ?? 0));
