import { describe, expect, it } from 'vitest';
import { EnvError, fiscalStartFromEnv, targetsFromEnv, targetsToEnv } from './env';

const complete: NodeJS.ProcessEnv = {
  NODE_ENV: 'test',
  CLICKHOUSE_URL: 'http://10.0.0.5:8123',
  CLICKHOUSE_OWNER_PASSWORD: 'o',
  CLICKHOUSE_INGEST_PASSWORD: 'i',
  CLICKHOUSE_READER_USER: 'dashboards',
  CLICKHOUSE_READER_PASSWORD: 'r',
  CLICKHOUSE_DICTIONARY_PASSWORD: '',
  DATABASE_URL: 'postgresql://weir:pw@10.0.0.6:5432/weir',
};

function errorOf(changes: Record<string, string | undefined>): EnvError {
  try {
    targetsFromEnv({ ...complete, ...changes } as NodeJS.ProcessEnv);
  } catch (error) {
    if (error instanceof EnvError) return error;
    throw error;
  }
  throw new Error('Nothing was thrown.');
}

describe('targetsFromEnv', () => {
  it('reads both servers, with the documented defaults', () => {
    expect(targetsFromEnv(complete)).toEqual({
      clickhouse: {
        url: 'http://10.0.0.5:8123',
        database: 'weir',
        cluster: null,
        owner: { user: 'owner', password: 'o' },
        ingest: { user: 'ingest', password: 'i' },
        reader: { user: 'dashboards', password: 'r' },
        dictionary: { user: 'dictionary', password: '' },
      },
      databaseUrl: 'postgresql://weir:pw@10.0.0.6:5432/weir',
    });
  });

  it('gives back what targetsToEnv wrote', () => {
    const targets = targetsFromEnv({ ...complete, CLICKHOUSE_CLUSTER: 'flows', CLICKHOUSE_DATABASE: 'net' });
    expect(targets.clickhouse.cluster).toBe('flows');
    expect(targetsFromEnv({ NODE_ENV: 'test', ...targetsToEnv(targets) })).toEqual(targets);
  });

  it('ignores a slash at the end of CLICKHOUSE_URL', () => {
    const { clickhouse } = targetsFromEnv({ ...complete, CLICKHOUSE_URL: 'https://ch.example/' });
    expect(clickhouse.url).toBe('https://ch.example');
  });

  it.each([
    ['CLICKHOUSE_URL', undefined, /is not set\. Start Weir with/],
    ['CLICKHOUSE_URL', 'clickhouse', /is not a URL\. Write it like http:\/\//],
    ['CLICKHOUSE_URL', 'tcp://h:9000', /has the protocol tcp:/],
    ['CLICKHOUSE_URL', 'http://u:p@h:8123', /contains a user or a password\. Leave them out/],
    ['CLICKHOUSE_URL', 'http://h:8123/?database=x', /has a path or parameters/],
    ['CLICKHOUSE_DATABASE', 'weir; DROP', /is "weir; DROP"\. Use letters/],
    ['CLICKHOUSE_CLUSTER', 'a b', /is "a b"/],
    ['CLICKHOUSE_INGEST_PASSWORD', undefined, /is not set\. CLICKHOUSE_URL replaces the embedded server/],
    ['DATABASE_URL', undefined, /is not set/],
    ['DATABASE_URL', 'mysql://h/weir', /has the protocol mysql:\. Write it like postgresql:/],
  ])('refuses %s = %s and names the variable and the fix', (variable, value, message) => {
    const error = errorOf({ [variable]: value });
    expect(error.variable).toBe(variable);
    expect(error.message).toMatch(message);
    expect(error.message.startsWith(variable)).toBe(true);
  });

  it('never puts a password into the message', () => {
    expect(errorOf({ DATABASE_URL: 'mysql://weir:hunter2@h/weir' }).message).not.toContain('hunter2');
    expect(errorOf({ CLICKHOUSE_URL: 'http://u:hunter2@h:8123' }).message).not.toContain('hunter2');
  });
});

describe('fiscal years', () => {
  it('begin in January unless a month is set', () => {
    expect([undefined, '', '2', '02', '12'].map((month) => fiscalStartFromEnv(env(month)))).toEqual([
      1, 1, 2, 2, 12,
    ]);
  });

  it.each(['0', '13', 'feb', '2.5'])('refuses the month %s and says what to write', (month) => {
    expect(() => fiscalStartFromEnv(env(month))).toThrow(/^WEIR_FISCAL_YEAR_START is .* 1 to 12/);
  });

  function env(month: string | undefined) {
    return { WEIR_FISCAL_YEAR_START: month } as unknown as NodeJS.ProcessEnv;
  }
});
