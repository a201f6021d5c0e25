import { describe, expect, it } from 'vitest';
import { wrapped } from './composePng';

const letters = (text: string) => text.length;

describe('the words of a saved picture', () => {
  it('break before they leave it, and none of them is lost', () => {
    expect(wrapped('Volume · sum · bits · Jul 1 – Sep 30, 2026', 20, letters)).toEqual([
      'Volume · sum · bits',
      'Jul 1 – Sep 30,',
      '2026',
    ]);
  });

  it('stay in one line where there is room, and a long word stays whole', () => {
    expect(wrapped('short', 20, letters)).toEqual(['short']);
    expect(wrapped('a averyveryverylongword b', 10, letters)).toEqual(['a', 'averyveryverylongword', 'b']);
  });
});
