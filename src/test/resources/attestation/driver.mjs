import { webcrypto } from 'node:crypto';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
// Node 18 has it, but not everywhere in reach.
globalThis.crypto ??= webcrypto;
const NONE = '(none)';
const { Attestation } = await import(pathToFileURL(process.argv[2]));
const verifier = new Attestation(process.argv[3], Number(process.argv[4]));
for await (const line of createInterface({ input: process.stdin })) {
  const [now, method, host, target, header] = line.split('\t');
  const c = await verifier.verify(header, method, host === NONE ? undefined : host, target, Number(now));
  console.log(c ? [c.decision, c.source, c.level, c.entity, c.reference, c.failOpen, c.expires].map((v) => v ?? '').join('|') : 'refused');
}
