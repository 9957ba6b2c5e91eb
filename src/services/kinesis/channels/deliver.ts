// What a channel does: every so often, all that has come to its stream goes into objects, shard after shard, parents before children. An object and
// the fact how far the channel is are one entry, so a record is in one object, whenever the process ends. AWS: developer guide, "How Amazon S3
// delivery works". Records of JSON and STRING are set apart by new lines, those of BYTE_ARRAY by nothing: AWS does not say.

import type { StoredBody } from '#cell/objects-door.ts';
import type { Outcome } from '#cell/turn.ts';
import { parseArn } from '#model/arn.ts';
import { scopeOf } from '#model/scope.ts';
import { shardIdOf } from '../documents.ts';
import { startRead } from '../reading/pending.ts';
import { type RecordPage, recordsOf } from '../record-page.ts';
import { sequenceNumber } from '../sequence-number.ts';
import type { Shard, Stream } from '../shard.ts';
import type { KinesisTurn } from '../state.ts';
import { keptSinceMs } from '../trim.ts';
import { type ChannelDoc, channelKey } from './documents.ts';
import { type ChannelObject, type ChannelObjectMade, MAKE_CHANNEL_OBJECT } from './effects.ts';
import { ChannelAdvanced, ChannelRunFailed, ChannelRunStarted } from './facts.ts';
import { objectKey } from './key-template.ts';
import { roleSession } from './role.ts';
import type { ChannelRun } from './state.ts';

export const OBJECT_MADE = 'channel-object-made';
const OBJECT_BYTES_MAX = 32 * 1024 * 1024;
const OBJECT_RECORDS_MAX = 100_000;

/** The timer. */
export function runChannel(turn: KinesisTurn, subject: string): void {
  const { channels, contents } = turn.state;
  const channel = channels.byNumber(Number(subject));
  if (channel === undefined || channel.failure !== undefined) return;
  const stream = contents.get(channel.stream);
  if (stream === undefined) {
    const failure = `The source stream ${channel.streamArn} was deleted.`;
    turn.put(channels.docs, channelKey(channel), { ...channel, failure });
    return;
  }
  const nextRunAtMs = turn.nowMs + channel.freshnessSeconds * 1_000;
  turn.record(ChannelRunStarted, { channel: channel.number, nextRunAtMs });
  if (channels.runs.has(channel.number)) return;
  const left = [...stream.shards.values()].map(({ doc, log }) => ({ shard: doc.index, endPlace: log.endPlace }));
  const run: ChannelRun = { left };
  channels.runs.set(channel.number, run);
  goOn(turn, channel, run);
}

/** The next page of the first shard that has one, or the end. */
function goOn(turn: KinesisTurn, channel: ChannelDoc, run: ChannelRun): void {
  const { channels, contents } = turn.state;
  const stream = contents.get(channel.stream);
  for (let first = run.left[0]; stream !== undefined && first !== undefined; first = run.left[0]) {
    const shard = stream.shards.get(first.shard);
    const from = channels.nextPlace(channel.number, first.shard);
    if (shard !== undefined && from < first.endPlace) {
      readPage(turn, { channel, run, stream, shard, from, endPlace: first.endPlace });
      return;
    }
    run.left.shift();
  }
  channels.runs.delete(channel.number);
}

interface Reading {
  readonly channel: ChannelDoc;
  readonly run: ChannelRun;
  readonly stream: Stream;
  readonly shard: Shard;
  readonly from: number;
  readonly endPlace: number;
}

function readPage(turn: KinesisTurn, reading: Reading): void {
  const { channel, run, stream, shard, from, endPlace } = reading;
  startRead(turn, {
    shard,
    range: {
      from,
      countMax: Math.min(OBJECT_RECORDS_MAX, endPlace - from),
      bytesMax: OBJECT_BYTES_MAX,
      sinceMs: keptSinceMs(stream, turn.nowMs),
    },
    finish: (later, page) => {
      if (page === undefined) fail(later, channel.number, 'The records of a shard could not be read.');
      else if (page.count > 0) makeObject(later, reading, page);
      else {
        const { number } = channel;
        const advanced = { channel: number, shard: shard.doc.index, next: Math.max(page.next, from + 1), records: 0 };
        later.record(ChannelAdvanced, advanced);
        goOn(later, channel, run);
      }
    },
  });
}

function makeObject(turn: KinesisTurn, { channel, run, shard }: Reading, page: RecordPage): void {
  const records = recordsOf(page);
  const shardId = shardIdOf(shard.doc.index);
  const input: ChannelObject = {
    // Copies: views of a block would keep all of it.
    records: records.map(({ bytes, dataStart, dataEnd }) => bytes.slice(dataStart, dataEnd)),
    names: records.map(({ place, atMs }) => {
      return { shardId, sequenceNumber: String(sequenceNumber(shard.doc, place, atMs)) };
    }),
    format: channel.format,
    compression: channel.compression,
  };
  run.current = { shard: shard.doc.index, next: page.next, records: records.length };
  const then = { reaction: OBJECT_MADE, subject: String(channel.number) };
  turn.perform({ performer: MAKE_CHANNEL_OBJECT, input, then });
}

export function objectMade(turn: KinesisTurn, subject: string, outcome: Outcome): void {
  const number = Number(subject);
  const run = turn.state.channels.runs.get(number);
  const channel = turn.state.channels.byNumber(number);
  if (run?.current === undefined) return;
  if (channel === undefined) {
    turn.state.channels.runs.delete(number);
    return;
  }
  if ('failed' in outcome) {
    fail(turn, number, outcome.failed);
    return;
  }
  const { body, errors } = outcome.result as ChannelObjectMade;
  const problem =
    (body === undefined ? undefined : putObject(turn, channel, body)) ??
    (errors === undefined ? undefined : putErrors(turn, channel, errors));
  if (problem !== undefined) {
    fail(turn, number, problem);
    return;
  }
  turn.record(ChannelAdvanced, { channel: number, ...run.current });
  goOn(turn, channel, run);
}

function putObject(turn: KinesisTurn, channel: ChannelDoc, body: StoredBody): string | undefined {
  const key = objectKey(channel, turn.nowMs, unique(turn));
  return put(turn, channel, { bucketArn: channel.bucketArn, owner: channel.bucketOwner, key, body });
}

/** AWS: the identifiers of records that could not be processed, with why; its keys and members are not known. */
function putErrors(turn: KinesisTurn, channel: ChannelDoc, body: StoredBody): string | undefined {
  const { bucketArn, bucketOwner: owner, prefix } = channel.errors;
  const time = new Date(turn.nowMs).toISOString();
  const key = `${prefix}${channel.name}/${channel.id}/${time}-${unique(turn)}`;
  return put(turn, channel, { bucketArn, owner, key, body });
}

interface ObjectToPut {
  readonly bucketArn: string;
  readonly owner: string;
  readonly key: string;
  readonly body: StoredBody;
}

/** Why it could not be written. */
function put(turn: KinesisTurn, channel: ChannelDoc, { bucketArn, owner, key, body }: ObjectToPut): string | undefined {
  const bucket = parseArn(bucketArn)?.resource ?? '';
  const { objects } = turn.doors;
  if (objects === undefined) return 'There is no object store here.';
  const found = objects.findBucket(turn, bucket);
  if (found === undefined) return `NoSuchBucket: The bucket ${bucket} does not exist.`;
  if (found.account !== owner) return `AccessDenied: The bucket ${bucket} is not owned by ${owner}.`;
  const scope = scopeOf(channel.account, channel.region);
  const principal = roleSession(turn, channel);
  const contentEncoding = channel.compression === 'GZIP' ? { contentEncoding: 'gzip' } : {};
  const result = objects.put(turn, { bucket, key, body, principal, scope, ...contentEncoding });
  return 'refused' in result ? `${result.refused.code}: ${result.refused.message}` : undefined;
}

function unique(turn: KinesisTurn): string {
  return turn.uuid().replaceAll('-', '').slice(0, 11);
}

/** What was not delivered is tried with the next run, as long as the stream keeps it. */
function fail(turn: KinesisTurn, number: number, reason: string): void {
  turn.state.channels.runs.delete(number);
  const channel = turn.state.channels.byNumber(number);
  if (channel === undefined) return;
  turn.record(ChannelRunFailed, { channel: number, reason });
  if (!channel.isLogging) return;
  const message = JSON.stringify({ channelName: channel.name, channelId: channel.id, message: reason });
  turn.doors.logs?.append(turn, {
    scope: scopeOf(channel.account, channel.region),
    group: channel.logGroup,
    stream: channel.logStream,
    events: [{ timestampMs: turn.nowMs, message }],
  });
}
