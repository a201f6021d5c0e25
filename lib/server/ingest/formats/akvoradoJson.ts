import 'server-only';
import { AKVORADO_COLUMNS, akvoradoProfile } from './akvoradoProfile';
import type { Reading } from './canonical';
import { ReadContext } from './context';
import { type Decoder, formatOf } from './decoder';
import { FIELD, FieldSpans } from './fields';
import { FlowTimes } from './flowTimes';
import type { FormatOptions } from './format';
import { JsonRecords } from './jsonRecords';
import { JsonScanner } from './jsonScanner';
import { TimeReader } from './text/time';

const profile = akvoradoProfile('akvorado-json');
const fields = new Map(Object.entries(AKVORADO_COLUMNS).map(([key, field]) => [key, FIELD[field]]));

const recipe = {
  name: 'akvorado-json',
  prepare: (options: FormatOptions) => new ReadContext(options, 'this Akvorado export'),
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

/** `SELECT … FROM flows FORMAT JSONEachRow` of Akvorado's ClickHouse, or its Kafka export as JSON. */
export const akvoradoJson = formatOf(recipe, { version: 1, needsZone: false, scaledAtSource: false });
