// Before a function of Cloud Run functions, or any listener of node:http on Cloud Run. See README.md beside it.
import { webcrypto } from 'node:crypto';
import { esper, settings } from './esper.mjs';

globalThis.crypto ??= webcrypto;

const guard = esper(settings(process.env, 'google-cloud'));
// How many of the addresses in X-Forwarded-For Google has written: 1, or 2 behind a load balancer. What stands before them is the visitor's.
const hops = Number(process.env.ESPER_HOPS || 1);

/** A listener that calls the given one, function (req, res), for what is let in. */
export function protect(application) {
  return async (req, res) => {
    try {
      const addresses = (req.headers['x-forwarded-for'] ?? '').split(',');
      const address = (addresses[addresses.length - hops] ?? '').trim();
      const scheme = req.headers['x-forwarded-proto'] === 'http' ? 'http' : 'https';
      const headers = new Headers();
      for (let i = 0; i < req.rawHeaders.length; i += 2) headers.append(req.rawHeaders[i], req.rawHeaders[i + 1]);
      const target = req.originalUrl ?? req.url;
      const url = `${scheme}://${req.headers.host}${target.startsWith('/') ? target : '/'}`;
      const checked = await guard.check(new Request(url, { method: req.method, headers }), address);
      if (checked.reply) {
        res.statusCode = checked.reply.status;
        for (const [name, value] of checked.reply.headers) res.setHeader(name, value);
        res.end(Buffer.from(await checked.reply.arrayBuffer()));
        return;
      }
      req.headers = Object.fromEntries(checked.headers);
      req.url = checked.url.pathname + checked.url.search;
      await application(req, res);
    } catch (defect) {
      console.error(defect);
      if (!res.headersSent) res.statusCode = 500;
      res.end();
    }
  };
}
