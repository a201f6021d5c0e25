import { z } from 'zod';
import type { Scope } from '../scope';
import { isScopeKey, parseInstant, parseScope } from '../urlState';
import { AT } from './address';
import { type Answer, answerOf } from './envelope';

/** The version of `metrics.md`'s definitions that the numbers follow. */
export const METRICS_VERSION = 1;

/** What a question is asked: the scope, and options of its own. */
export interface Request<Options> {
  scope: Scope;
  options: Options;
}

/** One question: its address, what it takes and what it answers. Client and server share it. */
export interface Contract<Options, Rows> {
  name: string;
  /** without query string */
  path: string;
  options: z.ZodType<Options, Record<string, string | undefined>>;
  rows: z.ZodType<Rows>;
  answer: z.ZodType<Answer<Rows>>;
}

export function defineContract<Options, Rows extends z.ZodType>(definition: {
  name: string;
  options: z.ZodType<Options, Record<string, string | undefined>>;
  rows: Rows;
}): Contract<Options, z.infer<Rows>> {
  return {
    name: definition.name,
    path: `/api/flows/${definition.name}`,
    options: definition.options,
    rows: definition.rows as z.ZodType<z.infer<Rows>>,
    answer: answerOf(definition.rows) as unknown as z.ZodType<Answer<z.infer<Rows>>>,
  };
}

/** No options. */
export const noOptions = z.strictObject({}) as z.ZodType<
  Record<string, never>,
  Record<string, string | undefined>
>;

export interface RequestProblem {
  field: string;
  message: string;
}

/** Reads a request strictly; each parameter that cannot be read or is not known is named. */
export function parseRequest<Options, Rows>(
  contract: Contract<Options, Rows>,
  search: URLSearchParams,
): { request: Request<Options>; at: number | null } | { problems: RequestProblem[] } {
  const scope = parseScope(search);
  const own: Record<string, string> = {};
  for (const [key, value] of search) if (!isScopeKey(key) && key !== AT) own[key] = value;
  const options = contract.options.safeParse(own);
  const problems: RequestProblem[] = [];
  if ('problems' in scope)
    problems.push(...scope.problems.map(({ key, message }) => ({ field: key, message })));
  const atText = search.get(AT);
  const at = atText === null ? null : parseInstant(atText);
  if (atText !== null && at === null) {
    problems.push({
      field: AT,
      message: `${AT} is "${atText.slice(0, 80)}": use a UTC instant such as 2026-11-22T10:05:00Z`,
    });
  }
  if (!options.success) {
    for (const issue of options.error.issues) {
      const field = issue.code === 'unrecognized_keys' ? issue.keys.join(', ') : issue.path.join('.');
      const known =
        issue.code === 'unrecognized_keys' ? 'is not a parameter of this question' : issue.message;
      problems.push({ field, message: `${field}: ${known}` });
    }
  }
  if ('problems' in scope || !options.success || problems.length > 0) return { problems };
  return { request: { scope: scope.scope, options: options.data }, at };
}
