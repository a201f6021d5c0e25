import type { Change } from '@/lib/flows/contracts/whatChanged';
import { type ExploreState, exploreLink } from '@/lib/flows/exploreState';
import { narrowTo } from '@/lib/flows/filter/edit';
import type { TimeRange } from '@/lib/flows/presets';
import type { Scope } from '@/lib/flows/scope';
import { formatShare, formatValue } from './format';
import { keyLabel, namesFrom } from './keyLabel';
import { instantText } from './timeText';

export interface Sentence {
  /** what it is about, to be set apart */
  readonly subject: string;
  /** the rest of the sentence, with its figures */
  readonly text: string;
  readonly way: 'rise' | 'fall';
  /** the view that shows it */
  readonly href: string;
}

/** A change as a sentence: every figure in it stands in the answer. */
export function changeText(
  change: Change,
  scope: Scope,
  ranges: { asked: TimeRange; compared: TimeRange | null },
  unit: 'bits' | 'bytes',
): Sentence {
  const rate = (bits: number) =>
    formatValue(unit === 'bits' ? bits : bits / 8, unit === 'bits' ? 'bit/s' : 'B/s');
  const names = namesFrom(
    change.name === null ? [] : [{ dimension: change.dimension, key: change.key, name: change.name }],
  );
  const subject = keyLabel(change.dimension, change.key, names);
  const filters = narrowTo(scope.filters, change.dimension, change.key);
  const link = (change_: Partial<Scope>, state: Partial<ExploreState>) =>
    exploreLink({ ...scope, filters, ...change_ }, state);
  switch (change.kind) {
    case 'mover': {
      const isRise = change.now > change.before;
      const by = change.dimension === 'type' ? (['region'] as const) : (['type'] as const);
      const text =
        change.before === 0
          ? `is new at ${rate(change.now)}`
          : change.now === 0
            ? `is gone, from ${rate(change.before)}`
            : `${isRise ? 'rose' : 'fell'} by ${formatShare(Math.abs(change.now - change.before) / change.before)} to ${rate(change.now)}, from ${rate(change.before)}`;
      return {
        subject,
        text: `${text}.`,
        way: isRise ? 'rise' : 'fall',
        href: link({}, { by, visual: 'lines' }),
      };
    }
    case 'appeared':
      return {
        subject,
        text: `is among the heaviest addresses and was not seen before: ${rate(change.rate)}, ${formatShare(change.weight)} of all traffic.`,
        way: 'rise',
        href: link({}, { by: ['type'] }),
      };
    case 'vanished':
      return {
        subject,
        text: `was among the heaviest addresses and is not seen any more: ${rate(change.rate)}, ${formatShare(change.weight)} of all traffic then.`,
        way: 'fall',
        href: link(ranges.compared === null ? {} : { range: { kind: 'absolute', ...ranges.compared } }, {
          by: ['type'],
        }),
      };
    case 'shift': {
      const isRise = change.now > change.usual;
      const hours = Math.round((change.until - change.since) / 3_600);
      const since = change.isOlder
        ? `for ${hours} hours and more`
        : `since ${instantText(change.since, scope.zone)}`;
      return {
        subject,
        text: `has run ${formatShare(Math.abs(change.now - change.usual) / change.usual)} ${isRise ? 'above' : 'below'} what is usual for these hours of the week ${since}: ${rate(change.now)} instead of ${rate(change.usual)}.`,
        way: isRise ? 'rise' : 'fall',
        href: link(
          {
            range: { kind: 'absolute', from: change.until - 7 * 86_400, to: change.until },
            compare: 'previous',
          },
          { by: [], visual: 'lines' },
        ),
      };
    }
  }
}
