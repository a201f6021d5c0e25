import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataPaths } from './paths';

describe('dataPaths', () => {
  it('is .data in the working directory by default', () => {
    expect(dataPaths({ NODE_ENV: 'test' }).root).toBe(resolve('.data'));
  });

  it('moves as a whole with WEIR_DATA', () => {
    const paths = dataPaths({ NODE_ENV: 'test', WEIR_DATA: '/srv/weir' });
    for (const path of Object.values(paths)) expect(path.startsWith('/srv/weir')).toBe(true);
    expect(paths.secretsFile).toBe('/srv/weir/secrets.json');
  });

  it('takes the operators file from WEIR_NETWORK', () => {
    const paths = dataPaths({
      NODE_ENV: 'test',
      WEIR_DATA: '/srv/weir',
      WEIR_NETWORK: '/etc/weir/network.yaml',
    });
    expect(paths.networkFile).toBe('/etc/weir/network.yaml');
  });
});
