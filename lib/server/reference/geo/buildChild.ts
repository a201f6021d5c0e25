// Entry of the process that makes the geo table: a minute of work that must not stand in the way of anything else.
import os from 'node:os';
import { buildGeo } from '@/lib/server/reference/geo/buildGeo';

const [cityDir, asnDir, taxonomyDir, output] = process.argv.slice(2);
if (!cityDir || !asnDir || !taxonomyDir || !output) {
  process.stderr.write('usage: buildChild.ts CITY_DIR ASN_DIR TAXONOMY_DIR OUTPUT\n');
  process.exit(2);
}

os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL);
// The parent holds our stdin open: it closes when the parent goes, however it goes.
process.stdin.on('close', () => process.exit(1)).resume();

let told = -1;
try {
  await buildGeo({ cityDir, asnDir, taxonomyDir }, output, (share) => {
    const percent = Math.floor(share * 100);
    if (percent > told) process.stdout.write(`${percent}\n`);
    told = Math.max(told, percent);
  });
  process.exit(0);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
