import { describe, expect, test } from 'vitest';
import { StartupProblem } from '#base/startup-problem.ts';
import { readConfig } from './config.ts';

const ON_LOOPBACK = { allowsLoopback: true, allowsPrivate: true, allowsPublic: true, ranges: [] };

function problemOf(args: string[], environment: Record<string, string> = {}): StartupProblem {
  try {
    readConfig(args, environment);
  } catch (problem) {
    if (problem instanceof StartupProblem) return problem;
  }
  throw new Error('the configuration was accepted');
}

describe('where a value comes from', () => {
  test('nothing given: loopback, port 4566, durable, explaining', () => {
    const config = readConfig([], {});
    expect(config).toMatchObject({
      port: 4566,
      host: '127.0.0.1',
      isEphemeral: false,
      iam: 'explain',
      auth: 'relaxed',
      clock: 'real',
    });
    expect(config.dataDir).toMatch(/\/\.eddy$/);
  });

  test('a flag wins over the variable, the variable over the default', () => {
    expect(readConfig([], { EDDY_PORT: '5000' }).port).toBe(5000);
    expect(readConfig(['--port', '6000'], { EDDY_PORT: '5000' }).port).toBe(6000);
    expect(readConfig(['--port=6001'], {}).port).toBe(6001);
  });

  test('a switch needs no value as a flag and takes one as a variable', () => {
    expect(readConfig(['--ephemeral'], {}).isEphemeral).toBe(true);
    expect(readConfig([], { EDDY_EPHEMERAL: '1' }).isEphemeral).toBe(true);
    expect(readConfig([], { EDDY_EPHEMERAL: 'false' }).isEphemeral).toBe(false);
  });
});

describe('what is refused, in one sentence', () => {
  test.each([
    [['--prot', '1'], {}, 'The option --prot is not known (did you mean --port?).'],
    [['--zzzzzzzzzz'], {}, 'The option --zzzzzzzzzz is not known.'],
    [['status'], {}, 'The argument status is not known; options begin with --.'],
    [['--port'], {}, 'The option --port needs a value.'],
    [['--port', '70000'], {}, '--port is a port number from 0 to 65535, not "70000".'],
    [['--iam', 'on'], {}, '--iam is one of off, explain, enforce, not "on".'],
    [[], { EDDY_IMA: 'enforce' }, 'The environment variable EDDY_IMA is not known (did you mean EDDY_IAM?).'],
    [[], { EDDY_EPHEMERAL: 'maybe' }, 'EDDY_EPHEMERAL is true or false, not "maybe".'],
    [
      [],
      { EDDY_ROOT_ACCESS_KEY_ID: 'AKIAEXAMPLEEXAMPLE00' },
      'EDDY_ROOT_ACCESS_KEY_ID and EDDY_ROOT_SECRET_ACCESS_KEY are set together.',
    ],
    [['--advertised-url', 'here'], {}, 'The advertised URL is like http://host:4566, not "here".'],
  ])('%j %j', (args, environment, sentence) => {
    const problem = problemOf(args, environment as Record<string, string>);
    expect(problem.message).toBe(sentence);
    expect(problem.code).toMatch(/^CFG-/);
  });

  test('an address that other machines reach needs strict authentication or the spelled-out risk', () => {
    expect(problemOf(['--host', '0.0.0.0']).message).toContain('--insecure');
    expect(readConfig(['--host', '0.0.0.0', '--auth', 'strict'], {}).host).toBe('0.0.0.0');
    expect(readConfig(['--host', '0.0.0.0', '--insecure'], {}).host).toBe('0.0.0.0');
    expect(readConfig(['--host', '::1'], {}).host).toBe('::1');
  });

  test('a root key that nobody could know is refused: strict authentication in memory needs one', () => {
    const inMemory = ['--ephemeral', '--auth', 'strict'];
    expect(problemOf(inMemory)).toMatchObject({ code: 'CFG-06', message: expect.stringContaining('EDDY_ROOT_') });
    const key = { EDDY_ROOT_ACCESS_KEY_ID: 'A'.repeat(20), EDDY_ROOT_SECRET_ACCESS_KEY: 's'.repeat(40) };
    expect(readConfig(inMemory, key).rootKey?.accessKeyId).toBe('A'.repeat(20));
    expect(readConfig(['--auth', 'strict'], {}).rootKey).toBeUndefined();
  });

  test('a directory for data that would not be kept is refused', () => {
    expect(problemOf(['--ephemeral', '--data-dir', '/srv/eddy'])).toMatchObject({ code: 'CFG-03' });
    expect(readConfig(['--ephemeral=false', '--data-dir', '/srv/eddy'], {}).dataDir).toBe('/srv/eddy');
    // One that a shell has for other starts is no contradiction.
    expect(readConfig(['--ephemeral'], { EDDY_DATA_DIR: '/srv/eddy' }).isEphemeral).toBe(true);
  });

  test('requests go to this machine and its networks only as long as only this machine can ask for them', () => {
    expect(readConfig([], {}).outbound).toEqual(ON_LOOPBACK);
    const open = readConfig(['--host', '0.0.0.0', '--auth', 'strict'], {}).outbound;
    expect(open).toEqual({ ...ON_LOOPBACK, allowsLoopback: false, allowsPrivate: false });
  });

  test('places for requests that are named are exactly those', () => {
    const { outbound } = readConfig([], { EDDY_ALLOW_OUTBOUND: 'public, 10.0.0.0/8' });
    expect(outbound).toMatchObject({ allowsLoopback: false, allowsPrivate: false, allowsPublic: true });
    expect(outbound.ranges).toHaveLength(1);
    expect(readConfig(['--allow-outbound', 'loopback'], {}).outbound).toMatchObject({
      allowsLoopback: true,
      allowsPublic: false,
    });
    expect(problemOf(['--allow-outbound', 'everything']).code).toBe('CFG-03');
    expect(problemOf(['--allow-outbound', '10.0.0.0/99']).code).toBe('CFG-03');
  });
});
