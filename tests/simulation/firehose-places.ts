// Where records go: buckets, endpoints, a cluster, a database, a function, each in a mood. They tell the books what came, and answer as their mood is.

import type { CallRequest } from '#cell/callable.ts';
import type { ObjectPut, ObjectsDoor } from '#cell/objects-door.ts';
import type { Performer, PerformRequest } from '#cell/ports.ts';
import { defineService, type ServiceDefinition } from '#cell/service-definition.ts';
import type { Turn } from '#cell/turn.ts';
import { type AwsError, clientError } from '#model/aws-error.ts';
import * as performing from '#services/firehose/performing.ts';
import { encodePack } from '#services/firehose/record-pack.ts';
import { s3 } from '#services/s3/service.ts';
import { type Attempt, fateOf, type StreamBook } from './firehose-book.ts';
import { type LakeWork, type Outside, partitionOf, textsOf } from './firehose-outside.ts';
import { promise } from './violation.ts';
import type { World } from './world.ts';

/** `refusing`: says no at once. `silent`: takes what it gets and never answers. `hopeless`: says that trying again is of no use. `partial`: takes some. */
export type EndpointMood = 'well' | 'refusing' | 'silent' | 'slow' | 'hopeless' | 'partial';
export type BucketMood = 'well' | 'missing' | 'denied' | 'fickle';
export type FunctionMood = 'well' | 'throttled' | 'failing' | 'garbage';

export const ENDPOINT_MOODS: readonly EndpointMood[] = ['refusing', 'silent', 'slow', 'hopeless', 'partial'];
export const BUCKET_MOODS: readonly BucketMood[] = ['missing', 'denied', 'fickle'];
export const FUNCTION_MOODS: readonly FunctionMood[] = ['throttled', 'failing', 'garbage'];

const TIMEOUT_MS = 180_000;
const CALL = 'simulated-function';

interface Parts {
  readonly world: () => World;
  readonly outside: Outside;
  readonly lake: () => LakeWork;
  /** The book of the stream that now has the name. */
  readonly bookOf: (name: string) => StreamBook;
}

type Result = performing.DeliveryResult;
type Sent = { readonly outcome: 'delivered' } | performing.FailedDelivery;

export class Places {
  /** By name of the stream. */
  readonly endpoints = new Map<string, EndpointMood>();
  /** By name of the bucket. */
  readonly buckets = new Map<string, BucketMood>();
  function: FunctionMood = 'well';
  private readonly staged = new Map<string, readonly string[]>();
  /** What Splunk has taken, by acknowledgement. */
  private readonly untold = new Map<number, Attempt>();

  constructor(private readonly parts: Parts) {}

  isWell(name: string, hasFunction: boolean): boolean {
    const moods = [this.endpoints.get(name), this.buckets.get(`lake-${name}`), this.buckets.get(`backup-${name}`)];
    return moods.every((mood = 'well') => mood === 'well') && (!hasFunction || this.function === 'well');
  }

  mend(): void {
    this.endpoints.clear();
    this.buckets.clear();
    this.function = 'well';
  }

  // ─── buckets ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** S3 itself; what it is asked by the room is seen, and may be refused. */
  get s3(): ServiceDefinition {
    return {
      ...s3,
      doors: (state) => {
        const doors = s3.doors?.(state) ?? {};
        return doors.objects === undefined ? doors : { ...doors, objects: this.watched(doors.objects) };
      },
    };
  }

  private watched(objects: ObjectsDoor): ObjectsDoor {
    return {
      findBucket: (turn, bucket) =>
        this.buckets.get(bucket) === 'missing' ? undefined : objects.findBucket(turn, bucket),
      find: (turn, request) => objects.find(turn, request),
      put: (turn, request) => {
        const at = this.parts.world().engine.journal.end;
        const refused = this.refusal(request.bucket);
        const book = this.parts.bookOf(request.bucket.slice(request.bucket.indexOf('-') + 1));
        if (refused !== undefined) {
          book.putRefused(at);
          if (request.key.startsWith('manifests/')) book.heldUp();
          // Whoever is refused leaves the blob to the store.
          objects.put(turn, { ...request, bucket: 'nobody' });
          return { refused };
        }
        this.parts.world().noting(() => this.objectPut(book, request, at));
        return objects.put(turn, request);
      },
    };
  }

  private refusal(bucket: string): AwsError | undefined {
    const mood = this.buckets.get(bucket) ?? 'well';
    if (mood === 'missing') return clientError('NoSuchBucket', 'The specified bucket does not exist', { status: 404 });
    const isRefused = mood === 'denied' || (mood === 'fickle' && this.parts.world().random.chance(0.4));
    return isRefused ? clientError('AccessDenied', 'Access Denied', { status: 403 }) : undefined;
  }

  private objectPut(book: StreamBook, { bucket, key, body }: ObjectPut, at: number): void {
    const { world, lake } = this.parts;
    const object = lake().objects.get(body.blob);
    const stored = object?.texts ?? [];
    world().tell(`put ${bucket}/${key}: ${stored.map((text) => Number.parseInt(text, 10)).join(' ')}`);
    promise(object !== undefined, () => `${key} is put with a blob that nobody made`);
    const partition = /k=(\w+)/.exec(key)?.[1] ?? '';
    if (bucket.startsWith('backup-') || key.startsWith('backup/')) book.objectPut('backup', stored, { at, partition });
    else if (key.startsWith('errors/manifests/')) {
      const { entries } = JSON.parse(Buffer.from(object?.bytes ?? []).toString()) as { entries: { url: string }[] };
      const texts = entries.flatMap(({ url }) => this.staged.get(url) ?? []);
      book.givenUp(texts);
      book.objectPut('errors', texts, { at, partition });
    } else if (key.startsWith('error/')) {
      if (/^error\/(http-endpoint|splunk)-failed\//.test(key)) book.givenUp(stored);
      book.objectPut('errors', stored, { at, partition });
    } else if (!key.startsWith('manifests/')) {
      const isStaged = book.options.name === 'copied';
      if (isStaged) this.staged.set(`s3://${bucket}/${key}`, stored);
      if (partition === '') book.checkEarly(stored, object?.recordBytes ?? 0);
      const wrong = stored.find((text) => partition !== '' && partitionOf(text) !== partition);
      promise(wrong === undefined, () => `${wrong?.slice(0, 20)} is in the partition ${partition}`);
      book.objectPut(isStaged ? 'staged' : 'destination', stored, { at, partition });
    }
  }

  // ─── endpoints ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

  get performers(): Readonly<Record<string, Performer>> {
    return {
      [performing.DELIVER_HTTP]: ({ input, payloads }) => {
        const { url } = input as performing.HttpDelivery;
        return this.blocksOf(input, payloads, async (texts) => withRefused(await this.send(nameIn(url), texts)));
      },
      [performing.DELIVER_OPENSEARCH]: ({ input, payloads }) => {
        const { endpoint } = input as performing.OpenSearchDelivery;
        return this.blocksOf(input, payloads, (texts) => this.index(nameIn(endpoint), texts));
      },
      [performing.DELIVER_SPLUNK]: ({ input, payloads }) => {
        const { hecEndpoint } = input as performing.SplunkDelivery;
        return this.blocksOf(input, payloads, (texts) => this.collect(nameIn(hecEndpoint), texts));
      },
      [performing.ASK_SPLUNK]: ({ input }) => this.askSplunk(input as performing.SplunkQuestion),
      [performing.COPY_TO_REDSHIFT]: async ({ input }) => {
        const { objects } = input as performing.RedshiftCopy;
        const texts = objects.flatMap(({ blob }) => this.parts.lake().objects.get(blob)?.texts ?? []);
        return withRefused(await this.send('copied', texts));
      },
      [CALL]: ({ input }) => this.call(input as { readonly text: string }),
    };
  }

  /** Blocks are on the disk of the process that asks. */
  private async blocksOf<T>(
    input: unknown,
    payloads: PerformRequest['payloads'],
    work: (texts: readonly string[]) => Promise<T>,
  ): Promise<T> {
    return work(textsOf(await this.parts.lake().packs({ input, payloads })));
  }

  private moodOf(name: string): EndpointMood {
    return this.endpoints.get(name) ?? 'well';
  }

  private began(name: string, texts: readonly string[]): { book: StreamBook; attempt: Attempt } {
    const { world, bookOf } = this.parts;
    const book = bookOf(name);
    world().tell(`${name} (${this.moodOf(name)}): ${texts.map((text) => Number.parseInt(text, 10)).join(' ')}`);
    let attempt: Attempt = { serials: [], beganAtMs: 0, isConfirmed: false, position: undefined };
    world().noting(() => {
      attempt = book.begin(texts);
    });
    return { book, attempt };
  }

  private delayMs(mood: EndpointMood): number {
    const { random } = this.parts.world();
    return mood === 'slow' ? 20_000 + random.below(60_000) : random.below(2_000);
  }

  private async send(name: string, texts: readonly string[]): Promise<Sent> {
    const { book, attempt } = this.began(name, texts);
    const mood = this.moodOf(name);
    if (mood === 'well' || mood === 'slow' || mood === 'partial') {
      this.received(book, attempt, texts);
      await this.parts.outside.after(this.delayMs(mood));
      book.answered(attempt);
      return { outcome: 'delivered' };
    }
    if (mood === 'silent') this.parts.world().noting(() => book.received(attempt));
    await this.parts.outside.after(mood === 'silent' ? TIMEOUT_MS : this.delayMs(mood));
    const isRetryable = mood !== 'hopeless';
    book.failed(attempt, { isRetryable, waitedMs: 0 });
    return { outcome: 'failed', code: mood, message: mood, isRetryable };
  }

  private received(book: StreamBook, attempt: Attempt, texts: readonly string[], serials = attempt.serials): void {
    const recordBytes = texts.reduce((sum, { length }) => sum + length, 0);
    this.parts.world().noting(() => {
      if (book.options.name !== 'copied') book.checkEarly(texts, recordBytes);
      book.received(attempt, serials);
    });
  }

  /** Of many documents some may be refused for good, and some left for later. */
  private async index(name: string, texts: readonly string[]): Promise<Result> {
    if (this.moodOf(name) !== 'partial') return withRefused(await this.send(name, texts));
    const { book, attempt } = this.began(name, texts);
    const { serials } = attempt;
    const refused = serials.flatMap((serial, index) =>
      serial % 5 === 0 ? [{ index, code: '400', message: 'mapper_parsing_exception' }] : [],
    );
    const isLeft = (serial: number, index: number): boolean => serial % 5 !== 0 && (serial + index) % 3 === 1;
    const taken = serials.filter((serial, index) => serial % 5 !== 0 && !isLeft(serial, index));
    this.received(book, attempt, texts, taken);
    await this.parts.outside.after(this.delayMs('well'));
    book.answered({ ...attempt, serials: taken });
    const left = serials.flatMap((serial, index) => (isLeft(serial, index) ? [texts[index] as string] : []));
    const nowMs = this.parts.world().clock.nowMs();
    const notTaken = [...refused.map(({ index }) => texts[index] as string), ...left];
    const untaken = refused.length === 0 ? {} : { untaken: packsOf(notTaken, nowMs) };
    book.failed({ ...attempt, serials: notTaken.map((text) => Number.parseInt(text, 10)) }, RETRIED);
    if (left.length === 0) return { outcome: 'delivered', refused, ...untaken };
    return {
      outcome: 'delivered',
      refused,
      ...untaken,
      left: { packs: packsOf(left, nowMs), code: '429', message: 'busy' },
    };
  }

  private async collect(name: string, texts: readonly string[]): Promise<performing.SplunkSent> {
    const mood = this.moodOf(name);
    if (mood === 'refusing' || mood === 'hopeless') {
      const sent = await this.send(name, texts);
      return sent.outcome === 'failed' ? sent : { outcome: 'sent', ackId: 0 };
    }
    const { book, attempt } = this.began(name, texts);
    this.received(book, attempt, texts);
    const ackId = this.untold.size + 1;
    this.untold.set(ackId, attempt);
    await this.parts.outside.after(this.delayMs(mood));
    return { outcome: 'sent', ackId };
  }

  /** A silent one never says that it has indexed anything. */
  private async askSplunk({ ackIds, hecEndpoint }: performing.SplunkQuestion): Promise<performing.SplunkAnswer> {
    const name = nameIn(hecEndpoint);
    const [ackId = 0] = ackIds;
    const attempt = this.untold.get(ackId);
    await this.parts.outside.after(this.delayMs('well'));
    if (this.moodOf(name) !== 'silent') {
      if (attempt !== undefined) this.parts.bookOf(name).answered(attempt);
      return { outcome: 'answered', indexed: ackIds };
    }
    if (attempt !== undefined) {
      const waitedMs = this.parts.world().clock.nowMs() - attempt.beganAtMs + 10_000;
      this.parts.bookOf(name).failed(attempt, { isRetryable: true, waitedMs });
    }
    return { outcome: 'answered', indexed: [] };
  }

  // ─── the function ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Stands in for Lambda: what asks gets its answer in a later turn, unless the process dies. */
  get lambda(): ServiceDefinition {
    return defineService<object>({
      name: 'lambda',
      createState: () => ({}),
      tables: () => [],
      facts: [],
      operations: {},
      reactions: { answered: (turn, subject, outcome) => this.answered(turn, subject, outcome) },
      doors: () => ({
        callable: {
          call: (turn: Turn, { text, asker }: CallRequest) => {
            if (this.function === 'throttled')
              return { code: 'TooManyRequestsException', detail: 'Rate Exceeded.', isRetryable: true };
            turn.perform({ performer: CALL, input: { text }, then: { reaction: 'answered', subject: asker.subject } });
            return undefined;
          },
        },
      }),
    });
  }

  private answered(turn: Turn, subject: string, outcome: { result: unknown } | { failed: string }): void {
    const payload = Buffer.from('result' in outcome ? String(outcome.result) : '');
    const door = turn.doors.answers.get('firehose');
    if (payload.length > 0) door?.answered(turn, subject, { succeeded: true, payload });
    else {
      const failure = { code: 'Unhandled', detail: 'it failed', isRetryable: false };
      door?.answered(turn, subject, { failure, payload: Buffer.from('{}') });
    }
  }

  private async call({ text }: { readonly text: string }): Promise<string> {
    const mood = this.function;
    await this.parts.outside.after(this.delayMs('well'));
    if (mood === 'failing') return '';
    if (mood === 'garbage') return '["what?"]';
    const { records } = JSON.parse(text) as { records: { recordId: string; data: string }[] };
    return JSON.stringify({ records: records.map(({ recordId, data }) => ({ recordId, ...madeOf(data) })) });
  }
}

const RETRIED = { isRetryable: true, waitedMs: 0 };

function withRefused(sent: Sent): Result {
  return sent.outcome === 'failed' ? sent : { outcome: 'delivered', refused: [] };
}

function packsOf(texts: readonly string[], arrivedAtMs: number): readonly performing.PreparedPack[] {
  const records = texts.map((text) => ({ arrivedAtMs, data: Buffer.from(text) }));
  return [{ pack: encodePack(records), count: records.length, bytes: texts.join('').length }];
}

const nameIn = (url: string): string => new URL(url).hostname.split('.')[0] as string;

function madeOf(data: string): Readonly<Record<string, unknown>> {
  const text = Buffer.from(data, 'base64').toString();
  const fate = fateOf(Number.parseInt(text, 10));
  if (fate === 'dropped') return { result: 'Dropped', data };
  if (fate === 'failed') return { result: 'ProcessingFailed', data };
  const k = partitionOf(text);
  const metadata = k === undefined ? {} : { metadata: { partitionKeys: { k } } };
  return { result: 'Ok', data: Buffer.from(`${text}!`).toString('base64'), ...metadata };
}
