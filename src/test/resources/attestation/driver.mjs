import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
const { Attestation } = await import(pathToFileURL(process.argv[2]));
const verifier = new Attestation(process.argv[3], Number(process.argv[4]));
for await (const line of createInterface({ input: process.stdin })) {
  const [now, method, host, target, header] = line.split('\t');
  const c = verifier.verify(header, method, host, target, Number(now));
  console.log(c ? [c.decision, c.source, c.level, c.entity, c.reference, c.failOpen, c.expires].map((v) => v ?? '').join('|') : 'refused');
}
