import { PROGRESS_PATH, type Progress } from '@/lib/flows/contracts/progress';

/** Names of the requests that are under way in this page, by the address that is asked. */
const names = new Map<string, string>();

let count = 0;

/** A name that no other request of this page or of others has. */
function newName(): string {
  count += 1;
  return `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 12).padEnd(10, '0')}-${count}`;
}

/** Names a request; call `end` when it has been answered. @param name that it has already; left out = a new one */
export function nameRequest(address: string, name = newName()): { name: string; end: () => void } {
  names.set(address, name);
  return {
    name,
    end: () => {
      if (names.get(address) === name) names.delete(address);
    },
  };
}

/** How far the request for an address has come; null where none is under way or nobody can tell. */
export async function askProgress(address: string, signal: AbortSignal): Promise<Progress | null> {
  const name = names.get(address);
  if (name === undefined) return null;
  const response = await fetch(`${PROGRESS_PATH}?of=${name}`, { signal });
  return response.ok ? ((await response.json()) as Progress) : null;
}
