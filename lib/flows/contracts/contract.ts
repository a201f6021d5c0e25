import { z } from 'zod';
import type { Scope } from '../scope';
import { isScopeKey, parseScope, printScope } from '../urlState';
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

/**
 * The address of a question about a scope: path and canonical query string. It holds every input, so it is also the key under
 * which an answer is cached.
 */
export function addressOf<Options, Rows>(
  contract: Contract<Options, Rows>,
  scope: Scope,
  options: Readonly<Record<string, string | undefined>> = {},
): string {
  const search = new URLSearchParams(printScope(scope));
  for (const key of Object.keys(options).sort()) {
    const value = options[key];
    if (value !== undefined) search.set(key, value);
  }
  const query = search.toString();
  return query === '' ? contract.path : `${contract.path}?${query}`;
}

export interface RequestProblem {
  field: string;
  message: string;
}

/** Reads a request strictly; each parameter that cannot be read or is not known is named. */
export function parseRequest<Options, Rows>(
  contract: Contract<Options, Rows>,
  search: URLSearchParams,
): { request: Request<Options> } | { problems: RequestProblem[] } {
  const scope = parseScope(search);
  const own: Record<string, string> = {};
  for (const [key, value] of search) if (!isScopeKey(key)) own[key] = value;
  const options = contract.options.safeParse(own);
  const problems: RequestProblem[] = [];
  if ('problems' in scope)
    problems.push(...scope.problems.map(({ key, message }) => ({ field: key, message })));
  if (!options.success) {
    for (const issue of options.error.issues) {
      const field = issue.code === 'unrecognized_keys' ? issue.keys.join(', ') : issue.path.join('.');
      const known =
        issue.code === 'unrecognized_keys' ? 'is not a parameter of this question' : issue.message;
      problems.push({ field, message: `${field}: ${known}` });
    }
  }
  if ('problems' in scope || !options.success) return { problems };
  return { request: { scope: scope.scope, options: options.data } };
}
