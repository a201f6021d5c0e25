/** How a request names itself, so that its progress can be asked for while it is under way. */
export const ASKED_AS = 'x-weir-asked-as';

/** What such a name may be. */
export const ASKED_AS_PATTERN = /^[a-z0-9-]{8,64}$/;

/** Where progress is asked for; `of` is the name of the request. */
export const PROGRESS_PATH = '/api/flows/progress';

/** How far a request has come. All 0 where it is not under way, or where the engine does not say. */
export interface Progress {
  /** records and rows of rollups that were read so far, statements that have ended included */
  rowsRead: number;
  /** how many will be, as far as statements that have begun tell */
  rowsToRead: number;
  /** statements that have ended */
  ended: number;
  /** statements that run now */
  running: number;
}
