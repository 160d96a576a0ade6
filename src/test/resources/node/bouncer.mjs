// A bouncer of CrowdSec for Node.js, asked about addresses, with what it was streamed and by look-ups.
// usage: bouncer.mjs URL KEY ADDRESS...
import { CrowdSecBouncer } from '@crowdsec/nodejs-bouncer';

const [url, key, ...addresses] = process.argv.slice(2);

const streamed = new CrowdSecBouncer({ url, bouncerApiToken: key, streamMode: true });
console.log('health ' + (await streamed.lapiClient.checkConnectionHealth()).status);
const changes = await streamed.refreshDecisions();
console.log('told ' + changes.new.length + ' ' + changes.deleted.length);
const again = await streamed.refreshDecisions();
console.log('told again ' + again.new.length + ' ' + again.deleted.length);
for (const address of addresses) {
  console.log('streamed ' + address + ' ' + (await streamed.getIpRemediation(address)).remediation);
}

const live = new CrowdSecBouncer({ url, bouncerApiToken: key, streamMode: false });
for (const address of addresses) {
  console.log('asked ' + address + ' ' + (await live.getIpRemediation(address)).remediation);
}
await live.pushUsageMetrics('test-bouncer');
console.log('metrics taken');

const wrong = new CrowdSecBouncer({ url, bouncerApiToken: 'wrong', streamMode: false });
console.log('wrong key ' + (await wrong.lapiClient.checkConnectionHealth()).error);
process.exit(0);
