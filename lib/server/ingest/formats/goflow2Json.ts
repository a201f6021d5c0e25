import 'server-only';
import type { Reading } from './canonical';
import { ReadContext } from './context';
import { type Decoder, formatOf } from './decoder';
import { FIELD, FieldSpans } from './fields';
import { FlowTimes } from './flowTimes';
import type { FormatOptions } from './format';
import { GOFLOW2_FIELDS, goflow2Profile } from './goflow2Profile';
import { JsonRecords } from './jsonRecords';
import { JsonScanner } from './jsonScanner';
import { TimeReader } from './text/time';

const profile = goflow2Profile('goflow2-json');
const fields = new Map(GOFLOW2_FIELDS.map(([, key, field]) => [key, FIELD[field]]));

/** Reads JSON objects of goflow2, whatever else stands around them. */
export function goflow2JsonDecoder(context: ReadContext): Decoder {
  const reading: Reading = {
    spans: new FieldSpans(),
    clock: new TimeReader({ clock: context.clock }),
    times: new FlowTimes(),
    profile,
    context,
  };
  return new JsonRecords(new JsonScanner(fields), reading, { pretty: false });
}

const recipe = {
  name: 'goflow2-json',
  prepare: (options: FormatOptions) => new ReadContext(options, 'this goflow2 JSON'),
  decoder: (_head: Buffer, context: ReadContext): Decoder => goflow2JsonDecoder(context),
};

/** `goflow2 -format json`: one object a line, from a file or a topic. */
export const goflow2Json = formatOf(recipe, { version: 1, needsZone: false, scaledAtSource: false });
