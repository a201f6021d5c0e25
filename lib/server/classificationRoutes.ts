import 'server-only';
import type { z } from 'zod';
import type { DecisionRow, DraftDecision } from '@/lib/flows/classification';
import { draftDecision, newDecision, readPreviewSearch } from '@/lib/flows/contracts/classification';
import { queryContext } from './clickhouse/execute';
import { badRequest } from './errors';
import { previewDecision } from './queries/classificationPreview';
import { formatPrefix, parsePrefix } from './reference/prefix';
import { addDecision, listDecisions, type StoredDecision } from './repos/classificationEdits';
import { route } from './route';

const SHOWN = 200;

/** Decisions about network types, newest first. */
export const decisionsRoute = route({
  name: 'classification',
  permission: 'data.read',
  read: () => ({}),
  handle: async () => ({ decisions: (await listDecisions(SHOWN)).map(rowOf) }),
});

/** What a decision would do to stored records. Changes nothing. */
export const previewRoute = route({
  name: 'classification-preview',
  permission: 'data.read',
  read: (request) =>
    checked(draftDecision, readPreviewSearch(new URL(request.url).searchParams), (draft) => draft),
  handle: (draft, { requestId, signal }) =>
    previewDecision(draft, queryContext('classification-preview', requestId, signal)),
});

/** Saves a decision. It is applied within seconds by the process that may write to ClickHouse. */
export const decideRoute = route({
  name: 'classification-decide',
  permission: 'reference.write',
  read: async (request) => {
    const body: unknown = await request.json().catch(() => null);
    return checked(newDecision, body, ({ draft }) => draft);
  },
  handle: async ({ draft, reason, history }, { principal }) => ({
    decision: rowOf(
      await addDecision(
        { ...draft, reason, history },
        { personId: principal.personId, email: principal.email },
      ),
    ),
  }),
});

/** @throws AppError bad_request naming the field; a prefix comes back in its canonical form */
function checked<T>(schema: z.ZodType<T>, input: unknown, draftOf: (value: T) => DraftDecision): T {
  const parsed = schema.safeParse(input);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = issue?.path.at(-1)?.toString() ?? 'decision';
    throw badRequest(
      field,
      `${field}: ${issue?.message ?? 'cannot be read'}`,
      'Correct the field and try again.',
    );
  }
  const { subject } = draftOf(parsed.data);
  if (subject.kind === 'prefix') {
    const prefix = parsePrefix(subject.prefix);
    if (!prefix.ok) throw badRequest('prefix', `${subject.prefix} ${prefix.cause}`, `${prefix.fix}.`);
    subject.prefix = formatPrefix(prefix.prefix);
  }
  return parsed.data;
}

function rowOf({ createdAt, appliedAt: _, ...decision }: StoredDecision): DecisionRow {
  return { ...decision, createdAt: Math.floor(createdAt.getTime() / 1000) };
}
