// Forms, with their file taken into a store in memory: the same object however the form is cut, and nothing of a form that is not whole.

import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BodyFailure, BodyTaker, IncomingBody } from '#runtime/http/exchange.ts';
import { MemoryBlobs } from '#storage/memory/memory-store.ts';
import { wireHeaders } from '#wire/http-message.ts';
import { readBodyPlan } from '#wire/s3/body-plan.ts';
import { DigestThread } from './digest-thread.ts';
import { type FormFile, type FormResult, takeForm } from './form-body.ts';
import { takeUpload, type UploadResult } from './upload.ts';

const BLOB = 's3/00000000-0000-4000-8000-000000000001';
const digests = new DigestThread();
const TYPE = 'multipart/form-data; boundary=b';
/** S3's variable. */
const FILENAME = ['$', '{filename}'].join('');

class FakeBody implements IncomingBody {
  readonly isAbsent = false;
  taker: BodyTaker | undefined;
  /** Bytes that came although nobody had room for them. */
  heldBytes = 0;
  resumedTimes = 0;
  private isHeld = false;

  constructor(readonly announcedBytes: number | undefined) {}

  start(taker: BodyTaker): void {
    this.taker = taker;
  }

  resume(): void {
    this.isHeld = false;
    this.resumedTimes += 1;
  }

  send(bytes: Uint8Array): void {
    if (this.isHeld) this.heldBytes += bytes.length;
    if (this.taker?.take(Buffer.from(bytes)) === false) this.isHeld = true;
  }
}

const part = (name: string, value: string, more = ''): string =>
  `--b\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;
const file = (content: string): string => part('file', content, '; filename="cat.jpg"\r\nContent-Type: image/jpeg');

interface Sent {
  readonly range?: { readonly min: number; readonly max: number };
  readonly cuts?: readonly number[];
  /** How the body ends instead of with its end. */
  readonly fails?: BodyFailure;
  /** The file is taken when all of the body has come. */
  readonly isLate?: boolean;
}

async function posted(body: string, { range = { min: 0, max: 1e9 }, cuts = [], fails, isLate = false }: Sent = {}) {
  const bytes = Buffer.from(body, 'latin1');
  const incoming = new FakeBody(bytes.length + (fails === undefined ? 0 : 1_000));
  const blobs = new MemoryBlobs();
  const defects: unknown[] = [];
  let result: FormResult | undefined;
  let upload: Promise<UploadResult> | undefined;
  const take = (taken: FormFile): void => {
    const plan = readBodyPlan({ headers: wireHeaders([]), query: '' }, taken);
    if ('refused' in plan) throw new Error(plan.refused.code);
    upload = new Promise((done) => {
      const onDefect = (_what: string, error: unknown) => defects.push(error);
      takeUpload({
        incoming: taken,
        plan: { ...plan, range },
        seed: undefined,
        blobs,
        digests,
        blob: BLOB,
        onDefect,
        done,
      });
    });
  };
  takeForm(incoming, TYPE, (taken) => {
    result = taken;
    if (taken !== 'gone' && 'file' in taken && !isLate) take(taken.file);
  });
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  for (let i = 1; i < places.length; i += 1) incoming.send(bytes.subarray(places[i - 1], places[i]));
  if (fails === undefined) incoming.taker?.end();
  else incoming.taker?.fail(fails);
  const form = result !== undefined && result !== 'gone' && 'file' in result ? result : undefined;
  if (isLate && form !== undefined) take(form.file);
  const stored = await upload;
  const refusal =
    stored !== undefined && stored !== 'gone' && 'refused' in stored
      ? (form?.file.problem ?? stored.refused)
      : undefined;
  const early = result !== undefined && result !== 'gone' && 'refused' in result ? result.refused : undefined;
  const told = stored === 'gone' || result === 'gone' ? 'gone' : (refusal ?? early)?.code;
  expect(defects).toEqual([]);
  return {
    told,
    fields:
      form === undefined
        ? undefined
        : Object.fromEntries([...form.fields.entries].map(([name, { value }]) => [name, value])),
    object: stored !== undefined && stored !== 'gone' && 'body' in stored ? stored.body : undefined,
    names: await blobs.names(),
    incoming,
  };
}

const md5 = (text: string): string => createHash('md5').update(Buffer.from(text, 'latin1')).digest('hex');
const content = fc
  .array(fc.oneof(fc.constantFrom('\r', '\r\n', '\r\n--', '--b', '\r\n-'), fc.string({ maxLength: 20 })))
  .map((pieces) => Buffer.from(pieces.join('')).toString('latin1'))
  .filter((text) => !text.includes('\r\n--b'));

describe('a form', () => {
  it('is one object, however it is cut and whenever it is taken', async () => {
    await fc.assert(
      fc.asyncProperty(content, fc.array(fc.nat(), { maxLength: 30 }), fc.boolean(), async (text, cuts, isLate) => {
        const body = `${part('key', `in/${FILENAME}`)}${part('acl', 'private')}${file(text)}${part('submit', 'Upload')}--b--\r\n`;
        const { fields, object, told } = await posted(body, { cuts, isLate });
        expect(told).toBeUndefined();
        expect(fields).toEqual({ key: 'in/cat.jpg', acl: 'private' });
        expect([object?.bytes, object?.md5]).toEqual([text.length, md5(text)]);
      }),
      { numRuns: 60 },
    );
  });

  it('holds its sender while nobody takes the file, and lets it go on then', async () => {
    const { incoming, object } = await posted(`${file('x'.repeat(1_000))}--b--`, {
      cuts: [200, 400, 600],
      isLate: true,
    });
    expect(object?.bytes).toBe(1_000);
    expect(incoming.heldBytes).toBeGreaterThan(0);
    const prompt = await posted(`${file('x'.repeat(1_000))}--b--`, { cuts: [200, 400, 600] });
    expect(prompt.incoming.heldBytes).toBe(0);
  });

  it('leaves the variable alone when its file has no name', async () => {
    const { fields } = await posted(`${part('key', FILENAME)}${part('file', 'x')}--b--`);
    expect(fields).toEqual({ key: FILENAME });
  });

  it('knows how long its file can be', async () => {
    const body = `${file('x'.repeat(100))}--b--\r\n`;
    let announced = 0;
    const incoming = new FakeBody(body.length);
    takeForm(incoming, TYPE, (taken) => {
      if (taken !== 'gone' && 'file' in taken) announced = taken.file.announcedBytes;
    });
    incoming.send(Buffer.from(body));
    // The line break at its end might be the file's for all that is known.
    expect(announced).toBe(102);
  });
});

describe('a form that is not right', () => {
  const key = part('key', 'a');
  const nested = `--b\r\nContent-Disposition: form-data; name="x"\r\nContent-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\n\r\n1\r\n--i--\r\n`;
  it.each<[string, string, Sent, string]>([
    ['without its end', `${key}${file('x'.repeat(500))}`, {}, 'MalformedPOSTRequest'],
    ['without its end or a file', key, {}, 'MalformedPOSTRequest'],
    ['without a file', `${key}--b--`, {}, 'InvalidArgument'],
    ['with two files', `${key}${file('a')}${file('b')}--b--`, {}, 'InvalidArgument'],
    ['that is empty', '', {}, 'MalformedPOSTRequest'],
    ['with another boundary', `${key}${file('a')}--b--`.replaceAll('--b', '--c'), {}, 'MalformedPOSTRequest'],
    ['with a nameless part', `--b\r\n\r\nx\r\n${file('a')}--b--`, {}, 'MalformedPOSTRequest'],
    ['with a nameless part behind its file', `${file('a')}--b\r\n\r\nx\r\n--b--`, {}, 'MalformedPOSTRequest'],
    ['with a field that is no UTF-8', `${part('key', '\xff')}${file('a')}--b--`, {}, 'MalformedPOSTRequest'],
    ['with a huge field', `${part('key', 'x'.repeat(30_000))}${file('a')}--b--`, {}, 'MaxPostPreDataLengthExceeded'],
    [
      'whose file has another name',
      `${key}${part('upload', 'x'.repeat(30_000))}--b--`,
      {},
      'MaxPostPreDataLengthExceeded',
    ],
    ['with a thousand fields', `${part('x', 'y').repeat(1_000)}${file('a')}--b--`, {}, 'MaxPostPreDataLengthExceeded'],
    [
      'with a long name in many fields',
      `${part('x', FILENAME.repeat(100))}${part('file', 'a', `; filename="${'n'.repeat(1_000)}"`)}--b--`,
      {},
      'MaxPostPreDataLengthExceeded',
    ],
    ['with a huge head', `--b\r\n${'x'.repeat(10_000)}\r\n\r\n`, {}, 'MalformedPOSTRequest'],
    ['with much before it', `${'x'.repeat(30_000)}\r\n${file('a')}--b--`, {}, 'MaxPostPreDataLengthExceeded'],
    ['that is longer than it may be', `${file('x'.repeat(50))}--b--`, { range: { min: 0, max: 10 } }, 'EntityTooLarge'],
    ['that is shorter than it may be', `${file('x')}--b--`, { range: { min: 5, max: 10 } }, 'EntityTooSmall'],
    ['that ends in its fields', key, { fails: 'ended' }, 'IncompleteBody'],
    ['that ends in its file', `${file('x'.repeat(500))}`, { fails: 'ended' }, 'IncompleteBody'],
    ['that waits in its fields', key, { fails: 'timed-out' }, 'RequestTimeout'],
    ['that waits in its file', `${file('x')}`, { fails: 'timed-out' }, 'RequestTimeout'],
    ['whose sender went in its fields', key, { fails: 'gone' }, 'gone'],
    ['whose sender went in its file', `${file('x')}`, { fails: 'gone' }, 'gone'],
  ])('%s leaves nothing, however it is cut', async (_what, body, how, expected) => {
    for (const cuts of [[], Array.from({ length: Math.min(body.length, 700) }, (_, at) => at)]) {
      for (const isLate of [false, true]) {
        const { told, names, object } = await posted(body, { ...how, cuts, isLate });
        expect([told, names, object]).toEqual([expected, [], undefined]);
      }
    }
  });

  it('keeps a part within a part as the text that it is', async () => {
    const { fields, object } = await posted(`${nested}${file('a')}--b--`);
    expect(fields).toEqual({ x: '--i\r\n\r\n1\r\n--i--' });
    expect(object?.bytes).toBe(1);
  });

  it('is refused by its head when it names no length or no boundary', () => {
    const told: unknown[] = [];
    const note = (result: FormResult): void => {
      told.push(result !== 'gone' && 'refused' in result ? result.refused.code : result);
    };
    takeForm(new FakeBody(undefined), TYPE, note);
    takeForm(new FakeBody(10), 'multipart/form-data', note);
    expect(told).toEqual(['MissingContentLength', 'MalformedPOSTRequest']);
  });
});
