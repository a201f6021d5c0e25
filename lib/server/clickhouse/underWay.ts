import 'server-only';
import { createHash } from 'node:crypto';

/** A named request that is being answered. */
export interface UnderWay {
  /** what ids of its queries begin with */
  readonly tag: string;
  /** statements that it waits for, by the key under which equal ones are run once */
  readonly waitsFor: Set<string>;
  ended: number;
  rowsRead: number;
}

const requests = new Map<string, UnderWay>();

/** Ids of the queries that run now, by the same keys: a statement may have been begun by somebody else's request. */
const queryIds = new Map<string, string>();

/** The tag of a person's request: nobody else can name it. */
export function tagOf(personId: string, askedAs: string): string {
  return createHash('sha256').update(`${personId}\n${askedAs}`).digest('hex').slice(0, 24);
}

/** Enters a request; call what it returns when it has been answered. */
export function begin(tag: string): { underWay: UnderWay; end: () => void } {
  const underWay: UnderWay = { tag, waitsFor: new Set(), ended: 0, rowsRead: 0 };
  requests.set(tag, underWay);
  return {
    underWay,
    end: () => {
      if (requests.get(tag) === underWay) requests.delete(tag);
    },
  };
}

/** The request of that tag with the ids of queries it waits for; null where it is not under way in this process. */
export function find(tag: string): { underWay: UnderWay; queryIds: string[] } | null {
  const underWay = requests.get(tag);
  if (underWay === undefined) return null;
  return { underWay, queryIds: [...underWay.waitsFor].flatMap((key) => queryIds.get(key) ?? []) };
}

/** Notes the query that runs a statement; call what it returns when it has ended. */
export function noteQuery(key: string, queryId: string): () => void {
  queryIds.set(key, queryId);
  return () => {
    if (queryIds.get(key) === queryId) queryIds.delete(key);
  };
}
