// Routing middleware of Vercel, for any framework. See README.md beside it.
import { esper, settings } from './esper.mjs';

export const config = { matcher: '/((?!_next/static|_next/image|favicon.ico).*)' };

const guard = esper(settings(process.env, 'vercel'));

export default async function middleware(request) {
  // Vercel writes x-real-ip itself, whatever a visitor sends.
  const { reply, url, headers } = await guard.check(request, request.headers.get('x-real-ip') ?? '');
  if (reply) return reply;
  // What next() and rewrite() of @vercel/functions answer with.
  const onward = new Headers(url.href === new URL(request.url).href ? { 'x-middleware-next': '1' } : { 'x-middleware-rewrite': url.href });
  for (const [name, value] of headers) onward.set(`x-middleware-request-${name}`, value);
  onward.set('x-middleware-override-headers', [...headers.keys()].join(','));
  return new Response(null, { headers: onward });
}
