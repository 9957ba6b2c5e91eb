import { afterEach, describe, expect, test } from 'vitest';
import type { Shaped, Shaping } from '#services/firehose/performing.ts';
import { encodePack } from '#services/firehose/record-pack.ts';
import { LakeThread } from './lake-thread.ts';

const threads: LakeThread[] = [];
afterEach(async () => {
  for (const thread of threads.splice(0)) await thread.close();
});

function lakeThread(guardedMsMax = 60_000): LakeThread {
  const thread = new LakeThread({ guardedMsMax });
  threads.push(thread);
  return thread;
}

function pack(records: readonly string[]): Uint8Array {
  return encodePack(records.map((text) => ({ arrivedAtMs: 1, data: Buffer.from(text) })));
}

function shape(thread: LakeThread, partitionQuery: string | undefined, records: readonly string[]): Promise<Shaped> {
  const input: Shaping = { blocks: [], compression: 'UNCOMPRESSED', fileName: '', partitionsMax: 500 };
  return thread.run('shape', partitionQuery === undefined ? input : { ...input, partitionQuery }, [pack(records)]);
}

describe('the thread', () => {
  test('starts with the first job, does them in order, and ends with the server', async () => {
    const thread = lakeThread();
    expect(thread.isRunning).toBe(false);
    const ends: number[] = [];
    await Promise.all([0, 1, 2].map((i) => shape(thread, undefined, ['a']).then(() => ends.push(i))));
    expect(ends).toEqual([0, 1, 2]);
    expect(thread.isRunning).toBe(true);
    await thread.close();
    expect(thread.isRunning).toBe(false);
  });

  test('jobs that wait when the server ends are rejected, and later ones', async () => {
    const thread = lakeThread();
    const jobs = [shape(thread, undefined, ['a']), shape(thread, undefined, ['a'])];
    const ended = Promise.allSettled(jobs);
    await thread.close();
    expect((await ended).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(shape(thread, undefined, ['a'])).rejects.toThrow('this server ended');
  });

  test('a job that cannot be done fails alone', async () => {
    const thread = lakeThread();
    await expect(thread.run('no-such-task', {}, [])).rejects.toThrow('no-such-task');
    await expect(thread.run('shape', { compression: 'GZIP' }, [Uint8Array.of(99)])).rejects.toThrow();
    expect((await shape(thread, undefined, ['a'])).objects).toHaveLength(1);
  });
});

describe('hostile expressions of jq', () => {
  const answers = async (query: string, records: readonly string[] = ['{"a":"x"}', '{"a":"y"}']) => {
    const { objects, failed } = await shape(lakeThread(), query, records);
    return { keys: objects.map(({ queryKeys }) => queryKeys), messages: failed.map(({ message }) => message) };
  };

  test('one that does not end fails the records that it hangs at, and costs no later job', async () => {
    const thread = lakeThread(1_500);
    const query = '{a: (if .a == "x" then (def f: f; f) else .a end)}';
    const hung = await shape(thread, query, ['{"a":"x"}']);
    expect(hung.failed).toMatchObject([{ index: 0, message: 'The jq expression did not end in time.' }]);
    expect((await shape(thread, '{a:.a}', ['{"a":"x"}'])).objects).toHaveLength(1);
  });

  test('without end in many records, it is not tried with all of them', async () => {
    const records = Array.from({ length: 2_600 }, () => '{"a":"x"}');
    const { failed } = await shape(lakeThread(1_500), '{a: last(repeat(1))}', records);
    expect(failed).toHaveLength(2_600);
  });

  test('values without end: the first one counts', async () => {
    expect((await answers('repeat({a:"k"})')).keys).toEqual([{ a: 'k' }]);
  });

  test.each([['halt'], ['"bye"|halt_error'], ['{a:(if .a=="x" then halt_error(3) else .a end)}']])(
    '%s ends nothing for the other records',
    async (query) => {
      const { keys, messages } = await answers(query);
      expect(keys.length + messages.length).toBe(2);
      expect(messages[0]).toContain('is not available');
    },
  );

  test.each([
    '{a:input.a}',
    '{a:([inputs]|length|tostring)}',
    '{a:($ENV|length|tostring)}',
    '{a:(env|length|tostring)}',
  ])('%s sees nothing of other records or of this machine', async (query) => {
    const { keys, messages } = await answers(query);
    for (const key of keys) expect(key).toEqual({ a: '0' });
    for (const message of messages) expect(message).toBe('No more inputs');
  });

  test.each([
    '{a:.a',
    '.a) , (.b',
    ']',
    '-n',
    '--version',
    'import "x" as x; .',
    '{a:nosuch}',
    '',
    '$__prog_args',
    '. # (',
    '"',
  ])('"%s" is no expression or gives no keys, and breaks nothing', async (query) => {
    const { keys, messages } = await answers(query);
    expect(keys.every((key) => Object.keys(key).length > 0)).toBe(true);
    if (keys.length === 0) expect(messages).toHaveLength(2);
  });

  test('a comment at the end hides nothing of what comes behind', async () => {
    expect((await answers('{a:.a} # all')).keys).toEqual([{ a: 'x' }, { a: 'y' }]);
  });

  test('too much memory fails the record, not the server', async () => {
    const query = '{a: (if .n then ("x" * .n|length|tostring) else "k" end)}';
    const { keys, messages } = await answers(query, ['{}', '{"n":1000000000}', '{}']);
    expect(keys).toEqual([{ a: 'k' }]);
    expect(messages).toHaveLength(1);
  });

  test('constants that need too much memory make no expression', async () => {
    const { keys, messages } = await answers('{a: ("x" * 1000000000|length|tostring)}');
    expect(keys).toEqual([]);
    expect(messages[0]).toContain('not valid');
  });

  test('a record that is deeper than jq reads fails alone', async () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    const { keys, messages } = await answers('{a:"k"}', ['{}', deep, '{}']);
    expect(keys).toEqual([{ a: 'k' }]);
    expect(messages).toHaveLength(1);
  });
});
