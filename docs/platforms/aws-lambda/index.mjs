// A Lambda function behind a function URL (payload 2.0) that asks before its application runs. See README.md beside it.
import { webcrypto } from 'node:crypto';
import { esper, settings } from './esper.mjs';
import { handler as application } from './app.mjs';

globalThis.crypto ??= webcrypto;

const guard = esper(settings(process.env, 'aws-lambda'));

export async function handler(event, context) {
  const { http } = event.requestContext;
  const headers = new Headers(event.headers);
  if (event.cookies?.length) headers.set('cookie', event.cookies.join('; '));
  const target = event.rawPath + (event.rawQueryString ? `?${event.rawQueryString}` : '');
  const request = new Request(`https://${headers.get('host')}${target}`, { method: http.method, headers });
  // Not x-forwarded-for, whose first address is the visitor's own word and the only one that a function URL keeps.
  const checked = await guard.check(request, http.sourceIp);
  if (checked.reply) return answered(checked.reply);
  const cookies = checked.headers.get('cookie');
  checked.headers.delete('cookie');
  const parameters = {};
  for (const [name, value] of checked.url.searchParams) parameters[name] = name in parameters ? `${parameters[name]},${value}` : value;
  return application({
    ...event,
    // The path that was decided on, and no other spelling of it.
    rawPath: checked.url.pathname,
    requestContext: { ...event.requestContext, http: { ...http, path: checked.url.pathname } },
    rawQueryString: checked.url.search.slice(1),
    queryStringParameters: checked.url.search ? parameters : undefined,
    headers: Object.fromEntries(checked.headers),
    cookies: cookies ? cookies.split(/;\s*/) : undefined,
  }, context);
}

async function answered(reply) {
  const headers = Object.fromEntries(reply.headers);
  const cookie = headers['set-cookie'];
  delete headers['set-cookie'];
  return { statusCode: reply.status, headers, cookies: cookie ? [cookie] : [], body: await reply.text() };
}
