import 'server-only';
import { randomUUID } from 'node:crypto';
import type { Permission } from '@/lib/auth/permissions';
import { asOf } from '@/lib/flows/contracts/address';
import { type Contract, parseRequest, type Request as QuestionRequest } from '@/lib/flows/contracts/contract';
import type { Answer } from '@/lib/flows/contracts/envelope';
import { ASKED_AS, ASKED_AS_PATTERN } from '@/lib/flows/contracts/progress';
import { answered } from './answerCache';
import { type Principal, requirePermission } from './auth/principal';
import { type QueryContext, queryContext } from './clickhouse/execute';
import { begin, tagOf } from './clickhouse/underWay';
import { badRequest } from './errors';
import { failure, reply } from './replies';
import { enter } from './requestLimits';

/** What a handler is given beside its input. */
export interface RouteContext {
  requestId: string;
  principal: Principal;
  /** aborted when the client has gone */
  signal: AbortSignal;
  /** the name that the client gave its request; null = none, or not one */
  askedAs: string | null;
}

interface Route<Input> {
  /** for logs and limits */
  name: string;
  permission: Permission;
  /** reads and checks the request. @throws AppError bad_request */
  read(request: Request): Input | Promise<Input>;
  /** what goes back as JSON */
  handle(input: Input, context: RouteContext): Promise<unknown>;
}

/**
 * The one wrapper of every data route: principal, permission, limits, input, handler, envelope. Whatever is thrown comes back as
 * `{ error: { code, message, hint, requestId } }` with the status of its code.
 */
export function route<Input>({ name, permission, read, handle }: Route<Input>) {
  return async (request: Request): Promise<Response> => {
    const requestId = randomUUID();
    let leave = () => {};
    try {
      const principal = await requirePermission(permission);
      leave = enter(principal.personId);
      const input = await read(request);
      const body = await handle(input, {
        requestId,
        principal,
        signal: request.signal,
        askedAs: nameOf(request),
      });
      return reply(body, 200, requestId);
    } catch (error) {
      return failure(error, name, requestId, request.signal.aborted);
    } finally {
      leave();
    }
  };
}

/**
 * The route of one question: reads the contract's request and answers with rows and meta. What is complete and what is still arriving
 * goes by the server's clock; which instants a preset means, by the page's, so that the panels of a page agree.
 * @param permission what the person needs; every question about traffic takes the default
 * @param keep repeats are answered from memory while nothing has changed: for questions about nothing but their scope's ranges
 * @param readsBefore seconds before the range that the question is about too
 */
export function question<Options, Rows>(
  contract: Contract<Options, Rows>,
  answer: (request: QuestionRequest<Options>, context: QueryContext) => Promise<Answer<Rows>>,
  {
    permission = 'flows.read',
    keep = false,
    readsBefore = 0,
  }: { permission?: Permission; keep?: boolean; readsBefore?: number } = {},
) {
  return route({
    name: contract.name,
    permission,
    read: (request) => {
      const parsed = parseRequest(contract, new URL(request.url).searchParams);
      if ('request' in parsed) {
        const { request: read, at } = parsed;
        return { ...read, scope: asOf(read.scope, at, Math.floor(Date.now() / 1000)) };
      }
      const [first] = parsed.problems;
      throw badRequest(
        first?.field ?? '',
        parsed.problems.map(({ message }) => message).join('; '),
        'Correct the address, or start from the page without parameters.',
      );
    },
    handle: async (input, { requestId, signal, principal, askedAs }) => {
      const named = askedAs === null ? null : begin(tagOf(principal.personId, askedAs));
      const context = {
        ...queryContext(contract.name, requestId, signal),
        ...(named === null ? {} : { underWay: named.underWay }),
      };
      try {
        return await (keep
          ? answered(contract, input, context, answer, readsBefore)
          : answer(input, context));
      } finally {
        named?.end();
      }
    },
  });
}

function nameOf(request: Request): string | null {
  const name = request.headers.get(ASKED_AS);
  return name !== null && ASKED_AS_PATTERN.test(name) ? name : null;
}
