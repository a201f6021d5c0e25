import { describe, expect, it } from 'vitest';
import { createLog, logLevelFromEnv } from './log';

function lines(): { written: string[]; destination: { write(text: string): void } } {
  const written: string[] = [];
  return { written, destination: { write: (text) => void written.push(text) } };
}

describe('log', () => {
  it('writes one JSON object a line, with the level by name and an ISO time', () => {
    const { written, destination } = lines();
    createLog('info', destination).info({ question: 'headline' }, 'answered');
    expect(written).toHaveLength(1);
    const entry = JSON.parse(written[0] ?? '');
    expect(entry).toMatchObject({ level: 'info', question: 'headline', msg: 'answered' });
    expect(entry.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it('leaves secrets out, at the top and one level down', () => {
    const { written, destination } = lines();
    createLog('info', destination).info({ password: 'p1', reader: { user: 'reader', password: 'p2' } }, 'x');
    expect(written[0]).not.toContain('p1');
    expect(written[0]).not.toContain('p2');
    expect(written[0]).toContain('reader');
  });

  it('names the variable and the levels there are when LOG_LEVEL is wrong', () => {
    expect(() => logLevelFromEnv({ NODE_ENV: 'test', LOG_LEVEL: 'loud' })).toThrow(
      'LOG_LEVEL is "loud". Use one of fatal, error, warn, info, debug, trace, silent.',
    );
    expect(logLevelFromEnv({ NODE_ENV: 'test' })).toBe('info');
  });
});
