import { ASKED_AS } from '@/lib/flows/contracts/progress';

/** A request that the page's HTML itself has begun, before any script of the page was there. */
export interface EarlyAnswer {
  /** by which its progress can be asked for */
  readonly name: string;
  readonly stop: AbortController;
  readonly response: Promise<Response>;
}

declare global {
  interface Window {
    /** by address, until the page takes them */
    weirEarly?: Record<string, EarlyAnswer>;
  }
}

/**
 * A script that begins requests, for the HTML of a page whose questions the server knows: their answers are on their way while the page's
 * own scripts are loaded and run.
 */
export function earlyScript(addresses: readonly string[]): string {
  // A filter in an address is anybody's text: nothing in it may end the script.
  const list = JSON.stringify(addresses).replaceAll('<', '\\u003c');
  return (
    `for(const a of ${list}){const w=window.weirEarly??={},stop=new AbortController,` +
    'name=Date.now().toString(36)+"-"+Math.random().toString(36).slice(2,12).padEnd(10,"0")+"-e"+Object.keys(w).length;' +
    `if(!w[a]){const response=fetch(a,{signal:stop.signal,headers:{accept:"application/json","${ASKED_AS}":name}});` +
    // Whoever takes it is told of a failure; nobody may take it.
    'response.catch(()=>{});w[a]={name,stop,response}}}'
  );
}

/** The request that the HTML has begun for an address; each is given once. */
export function takeEarly(address: string): EarlyAnswer | undefined {
  const early = typeof window === 'undefined' ? undefined : window.weirEarly;
  const taken = early?.[address];
  if (taken) delete early?.[address];
  return taken;
}
