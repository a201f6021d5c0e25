import { type Contract, parseRequest } from '@/lib/flows/contracts/contract';
import type { Answer } from '@/lib/flows/contracts/envelope';
import type { QueryContext } from '@/lib/server/clickhouse/execute';
import { testContext } from './useEngine';

/** Asks as a route does, and holds the answer against the contract. */
export async function ask<Options, Rows>(
  contract: Contract<Options, Rows>,
  answer: (request: { scope: never; options: Options }, context: QueryContext) => Promise<Answer<Rows>>,
  query: string,
  context: QueryContext = testContext(),
): Promise<Answer<Rows>> {
  const parsed = parseRequest(contract, new URLSearchParams(query));
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  return contract.answer.parse(await answer(parsed.request as never, context));
}
