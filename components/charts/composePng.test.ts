import { describe, expect, it } from 'vitest';
import { wrapped } from './composePng';

const letters = (text: string) => text.length;

describe('the words of a saved picture', () => {
  it('break before they leave it, at a dot, and none of them is lost', () => {
    expect(wrapped('Volume · sum · bits · Jul 1 – Sep 30, 2026', 22, letters)).toEqual([
      'Volume · sum · bits',
      'Jul 1 – Sep 30, 2026',
    ]);
  });

  it('break within a part that is too long', () => {
    expect(wrapped('bits · only region in (US-East, US-West)', 20, letters)).toEqual([
      'bits',
      'only region in',
      '(US-East, US-West)',
    ]);
  });

  it('stay in one line where there is room, and a long word stays whole', () => {
    expect(wrapped('short', 20, letters)).toEqual(['short']);
    expect(wrapped('a averyveryverylongword b', 10, letters)).toEqual(['a', 'averyveryverylongword', 'b']);
  });
});
