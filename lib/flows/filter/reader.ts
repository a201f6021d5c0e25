import type { Dimension } from '../dimensions';
import type { FilterError, Token } from './tokens';

/** What may stand at the end of what was written so far. */
export type Expectation =
  | { kind: 'dimension' }
  | { kind: 'operator'; dimension: Dimension }
  /** after "not" */
  | { kind: 'in' }
  | {
      kind: 'value';
      dimension: Dimension;
      exclude: boolean;
      /** a text to look for in names */
      isText: boolean;
      /** values that stand in the list already */
      taken: readonly string[];
    }
  /** after a value of a list */
  | { kind: 'list' }
  | { kind: 'connector'; closes: boolean };

class Unreadable extends Error {
  override readonly name = 'Unreadable';
  constructor(readonly found: FilterError) {
    super(found.message);
  }
}

/** Goes through tokens, and remembers what could have followed the last one. */
export class Reader {
  private at = 0;
  private seen: Expectation[] = [];

  constructor(
    private readonly tokens: readonly Token[],
    private readonly end: number,
  ) {}

  /** What may stand at the end; nothing where the text went wrong before. */
  get expected(): Expectation[] {
    return this.seen;
  }

  peek(): Token | null {
    return this.tokens[this.at] ?? null;
  }

  take(): void {
    this.at += 1;
  }

  /** Goes on behind a token that meant this. */
  taken<Meaning>(meaning: Meaning): Meaning {
    this.at += 1;
    return meaning;
  }

  /** Says what may stand here, which counts where the text ends here. */
  expect(expectation: Expectation): void {
    if (this.peek() !== null) return;
    if (this.seen.every((other) => other.kind !== expectation.kind)) this.seen.push(expectation);
  }

  /** Takes one of these words or marks, in any case, where it comes next. */
  takeWord(...words: readonly string[]): boolean {
    const token = this.peek();
    if (token === null || (token.kind !== 'word' && token.kind !== 'operator')) return false;
    if (!words.includes(token.text.toLowerCase())) return false;
    this.at += 1;
    return true;
  }

  /** @throws what `problem` reads. @param token where it is wrong; null = at the end */
  fail(message: string, token: Token | null): never {
    const { offset, length } = token ?? { offset: this.end, length: 0 };
    throw new Unreadable({ message, offset, length });
  }

  /** What `fail` said. @throws the error itself, where it is another one */
  problem(error: unknown): FilterError {
    if (error instanceof Unreadable) return error.found;
    throw error;
  }
}
