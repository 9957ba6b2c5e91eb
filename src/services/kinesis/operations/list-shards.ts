// ListShards. A token names stream, filter and place for itself: nothing else may be given with it.

import { utf8Decode, utf8Encode } from '#base/bytes.ts';
import { operation, type Reply } from '#cell/service-definition.ts';
import { clientError, isRefused, type Refused, refuse } from '#model/aws-error.ts';
import type { Validation } from '#model/validation.ts';
import type { ListShardsInput, ListShardsOutput, ShardFilter } from '#wire/generated/kinesis.ts';
import { shardIndexOf } from '../documents.ts';
import { invalidArgument, streamIdReserved, streamNotFound, validationRefusal } from '../errors.ts';
import { findStream, onStream, permission } from '../find-stream.ts';
import { TOKEN_MS } from '../limits.ts';
import { openBytes, sealBytes } from '../sealed-text.ts';
import type { Stream } from '../shard.ts';
import { filteredShards, filterProblem } from '../shard-filter.ts';
import type { KinesisState, KinesisTurn } from '../state.ts';
import { checkShardId, checks, PAGE } from '../validation.ts';
import { shardView } from '../views.ts';

const PURPOSE = 'kinesis-shards';
const SHARDS_MAX = 1_000;
const FILTERS = [
  'AFTER_SHARD_ID',
  'AT_TRIM_HORIZON',
  'FROM_TRIM_HORIZON',
  'AT_LATEST',
  'AT_TIMESTAMP',
  'FROM_TIMESTAMP',
];

interface Listing {
  readonly stream: Stream;
  readonly filter: ShardFilter | undefined;
  /** Index of the last shard of the page before; -1 for the first page. */
  readonly after: number;
}

/** What a token holds. */
interface Continued {
  readonly stream: number;
  readonly filter?: ShardFilter | undefined;
  readonly after: number;
  readonly issuedAtMs: number;
}

export const listShards = operation<KinesisState, ListShardsInput, ListShardsOutput>({
  authorize(turn, input) {
    if (input.NextToken === undefined) return onStream('ListShards')(turn, input);
    const listing = continued(turn, input.NextToken);
    return isRefused(listing) ? undefined : permission('ListShards', listing.stream);
  },
  decide(turn, input): Reply<ListShardsOutput> {
    const listing = input.NextToken === undefined ? begun(turn, input) : continuedBy(turn, input);
    if (isRefused(listing)) return listing;
    const { stream, filter, after } = listing;
    const shards = filteredShards(stream, filter, turn.nowMs).filter(({ doc }) => doc.index > after);
    const page = shards.slice(0, Math.min(input.MaxResults ?? SHARDS_MAX, SHARDS_MAX));
    const last = page[page.length - 1];
    const hasMore = page.length < shards.length && last !== undefined;
    return {
      output: {
        Shards: page.map(shardView),
        ...(hasMore ? { NextToken: sealToken(turn, { stream, filter, after: last.doc.index }) } : {}),
      },
    };
  },
});

function checkInput(validation: Validation, input: ListShardsInput): Validation {
  const { ExclusiveStartShardId, MaxResults, ShardFilter: filter } = input;
  checkShardId(validation, 'exclusiveStartShardId', ExclusiveStartShardId).range('maxResults', MaxResults, PAGE);
  if (filter === undefined) return validation;
  validation.required('shardFilter.type', filter.Type).oneOf('shardFilter.type', filter.Type, FILTERS);
  return checkShardId(validation, 'shardFilter.shardId', filter.ShardId);
}

function begun(turn: KinesisTurn, input: ListShardsInput): Listing | Refused {
  const { StreamName, StreamARN, ExclusiveStartShardId, StreamCreationTimestamp, ShardFilter: filter } = input;
  if (StreamName === undefined && StreamARN === undefined) {
    return refuse(invalidArgument('Either NextToken or StreamName should be provided.'));
  }
  const stream = findStream(turn, input, (validation) => checkInput(validation, input));
  if (isRefused(stream)) return stream;
  const { name, account, createdAtMs } = stream.doc;
  const isOther =
    StreamCreationTimestamp !== undefined &&
    Math.floor(StreamCreationTimestamp / 1000) !== Math.floor(createdAtMs / 1000);
  if (isOther) return refuse(streamNotFound(name, account));
  const problem = filter === undefined ? undefined : filterProblem(filter, turn.nowMs);
  if (problem !== undefined) return refuse(problem);
  const after = ExclusiveStartShardId === undefined ? -1 : shardIndexOf(ExclusiveStartShardId);
  // The text is not AWS's.
  if (after === undefined) return refuse(invalidArgument(`${ExclusiveStartShardId} is not the ID of a shard.`));
  return { stream, filter, after };
}

const EXCLUDED = [
  'StreamName',
  'StreamARN',
  'StreamCreationTimestamp',
  'ExclusiveStartShardId',
  'ShardFilter',
] as const;

function continuedBy(turn: KinesisTurn, input: ListShardsInput): Listing | Refused {
  const invalid = validationRefusal(
    checks()
      .length('nextToken', input.NextToken, { min: 1, max: 1_048_576 })
      .range('maxResults', input.MaxResults, PAGE),
  );
  if (invalid !== undefined) return invalid;
  if (input.StreamId !== undefined) return refuse(streamIdReserved());
  const excluded = EXCLUDED.find((name) => input[name] !== undefined);
  if (excluded !== undefined) {
    return refuse(invalidArgument(`NextToken and ${excluded} cannot be provided together.`));
  }
  return continued(turn, input.NextToken as string);
}

function continued(turn: KinesisTurn, token: string): Listing | Refused {
  const content = openBytes(turn, PURPOSE, token);
  // The text is not AWS's.
  if (content === undefined) return refuse(invalidArgument('Invalid NextToken.'));
  const { stream: number, filter, after, issuedAtMs } = JSON.parse(utf8Decode(content)) as Continued;
  if (turn.nowMs - issuedAtMs > TOKEN_MS) {
    return refuse(
      clientError('ExpiredNextTokenException', 'The NextToken has expired: tokens are valid for 300 seconds.'),
    );
  }
  const stream = turn.state.contents.get(number);
  return stream === undefined
    ? refuse(clientError('ResourceNotFoundException', 'The stream of the NextToken does not exist any more.'))
    : { stream, filter, after };
}

function sealToken(turn: KinesisTurn, { stream, filter, after }: Listing): string {
  const content: Continued = { stream: stream.doc.number, filter, after, issuedAtMs: turn.nowMs };
  return sealBytes(turn, PURPOSE, utf8Encode(JSON.stringify(content)));
}
