import { describe, expect, it } from 'vitest';
import { reasonFor, whyNotLog, whyNotMirror, whyNotP95, whyNotVisual } from './exploreControls';
import { parseFilters } from './filter/parseFilter';

const filters = (text: string) => {
  const read = parseFilters(text);
  if (!('filters' in read)) throw new Error(read.error.message);
  return read.filters;
};

describe('controls of Explore', () => {
  it('refuse what can never be answered and warn of what only raw flows can', () => {
    expect(reasonFor('traffic', ['type'], [])).toBeNull();
    expect(reasonFor('uniqueness', ['remoteAddress'], [])).toMatchObject({ isRefused: true });
    expect(reasonFor('traffic', ['servicePort', 'metro'], [])).toMatchObject({ isRefused: false });
  });

  it('count the dimensions of filters too', () => {
    expect(reasonFor('traffic', ['metro'], [])).toBeNull();
    expect(reasonFor('traffic', ['metro'], filters('port = 443'))).toMatchObject({ isRefused: false });
  });

  it('say why a visual cannot be had', () => {
    expect(whyNotVisual('area', { measure: 'uniqueness', by: ['type'] })).toMatch(/not added up/);
    expect(whyNotVisual('area', { measure: 'traffic', by: ['type'] })).toBeNull();
    expect(whyNotVisual('sankey', { measure: 'traffic', by: ['type'] })).toMatch(/two or three/);
    expect(whyNotVisual('sankey', { measure: 'traffic', by: ['type', 'asn'] })).toBeNull();
    expect(whyNotVisual('heatmap', { measure: 'magnitude', by: ['type', 'asn'] })).toBeNull();
    expect(whyNotVisual('heatmap', { measure: 'traffic', by: ['type', 'asn', 'metro'] })).not.toBeNull();
  });

  it('say why an option cannot be had', () => {
    expect(whyNotMirror({ by: ['type'], visual: 'area' }, 'both')).toBeNull();
    expect(whyNotMirror({ by: ['type'], visual: 'area' }, 'egress')).toMatch(/egress/);
    expect(whyNotMirror({ by: ['direction'], visual: 'area' }, 'both')).not.toBeNull();
    expect(whyNotP95({ measure: 'uniqueness', visual: 'lines' })).not.toBeNull();
    expect(whyNotP95({ measure: 'traffic', visual: 'auto' })).toBeNull();
    expect(whyNotLog({ measure: 'traffic', visual: 'auto', mirror: false })).toMatch(/zero/);
    expect(whyNotLog({ measure: 'uniqueness', visual: 'auto', mirror: false })).toBeNull();
    expect(whyNotLog({ measure: 'traffic', visual: 'lines', mirror: true })).toMatch(/mirrored/);
  });
});
