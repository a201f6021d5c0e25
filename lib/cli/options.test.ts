import { describe, expect, it } from 'vitest';
import { readStartOptions } from './options';

describe('arguments of start and demo', () => {
  it('take a port from the argument before the environment', () => {
    expect(readStartOptions(['--port', '4000'], { PORT: '5000' })).toEqual({
      port: 4000,
      dev: false,
      help: false,
    });
    expect(readStartOptions([], { PORT: '5000' }).port).toBe(5000);
    expect(readStartOptions([], { PORT: '' }).port).toBeNull();
    expect(readStartOptions(['--dev'], {}).dev).toBe(true);
  });

  it.each(['web', '-1', '70000', '0', '1e3'])('name what is wrong with the port %s', (port) => {
    expect(() => readStartOptions([`--port=${port}`], {})).toThrow(
      /--port is .*give a number from 1 to 65535/,
    );
  });

  it('refuse what they do not know', () => {
    expect(() => readStartOptions(['--prot', '1'], {})).toThrow(/--prot/);
  });
});
