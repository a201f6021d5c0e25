import { z } from 'zod';
import { execute } from '@/lib/server/clickhouse/execute';
import { sql } from '@/lib/server/clickhouse/sql';
import { type Timing, type TimingOptions, timed } from '../measure/timing';
import { benchContext } from './asks';
import { QUESTIONS, type Question } from './questions';
import { scopeOf } from './ranges';

export interface PanelFigures extends Timing {
  question: string;
  range: string;
  bar: Question['bar'];
  /** tables that answered */
  table: string;
}

/** SELECT 1 through the product's client, checks and limits: the time below which no answer can be. */
export async function measureSelect1(options: TimingOptions): Promise<Timing> {
  const ask = () => execute(benchContext('select 1'), sql`SELECT 1 AS one`, z.object({ one: z.number() }));
  return timed(ask, { ...options, rounds: options.rounds * 5 });
}

/** Every question, warm, one answer after the other. */
export async function measurePanels(
  options: TimingOptions,
  onStep: (text: string) => void,
  questions: readonly Question[] = QUESTIONS,
): Promise<PanelFigures[]> {
  const figures: PanelFigures[] = [];
  for (const { name, range, bar, ask } of questions) {
    onStep(`${name}, ${range}`);
    const scope = scopeOf(range);
    let table = '';
    const timing = await timed(async () => {
      table = (await ask(scope)).table;
    }, options);
    figures.push({ question: name, range, bar, table, ...timing });
  }
  return figures;
}
