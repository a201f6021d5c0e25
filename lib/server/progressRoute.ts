import 'server-only';
import { ASKED_AS_PATTERN } from '@/lib/flows/contracts/progress';
import { tagOf } from './clickhouse/underWay';
import { badRequest } from './errors';
import { progressOf } from './queries/progress';
import { route } from './route';

/** How far a request of the same person has come, by the name that it was asked under. */
export const getProgress = route({
  name: 'progress',
  permission: 'flows.read',
  read: (request) => {
    const of = new URL(request.url).searchParams.get('of') ?? '';
    if (ASKED_AS_PATTERN.test(of)) return of;
    throw badRequest('of', 'of does not name a request.', 'Send the name that the request was asked under.');
  },
  handle: (of, { principal, requestId, signal }) =>
    progressOf(tagOf(principal.personId, of), requestId, signal),
});
