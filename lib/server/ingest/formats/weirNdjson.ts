import 'server-only';
import type { Reading } from './canonical';
import { ReadContext } from './context';
import { type Decoder, formatOf } from './decoder';
import { FIELD, FieldSpans } from './fields';
import { FlowTimes } from './flowTimes';
import type { FormatOptions } from './format';
import { JsonRecords } from './jsonRecords';
import { JsonScanner } from './jsonScanner';
import { TimeReader } from './text/time';
import { WEIR_FIELDS, weirProfile } from './weirFields';

const profile = weirProfile('weir-ndjson');
const fields = new Map(Object.entries(WEIR_FIELDS).map(([key, field]) => [key, FIELD[field]]));

const recipe = {
  name: 'weir-ndjson',
  prepare: (options: FormatOptions) => new ReadContext(options, 'this NDJSON'),
  decoder: (_head: Buffer, context: ReadContext): Decoder => {
    const reading: Reading = {
      spans: new FieldSpans(),
      clock: new TimeReader({ clock: context.clock }),
      times: new FlowTimes(),
      profile,
      context,
    };
    return new JsonRecords(new JsonScanner(fields), reading, { pretty: false });
  },
};

/** Weir's own records, one JSON object a line. */
export const weirNdjson = formatOf(recipe, { version: 1, needsZone: false, scaledAtSource: false });
