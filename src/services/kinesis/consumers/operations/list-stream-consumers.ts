// ListStreamConsumers: pages by the consumers' names; a token names the stream's number, so that it does not go on with another stream.

import { ByteReader, ByteWriter } from '#base/bytes.ts';
import { operation, type Reply } from '#cell/service-definition.ts';
import { type AwsError, isRefused, refuse } from '#model/aws-error.ts';
import type { ListStreamConsumersInput, ListStreamConsumersOutput } from '#wire/generated/kinesis.ts';
import { invalidArgument, streamNotFound, validationRefusal } from '../../errors.ts';
import { onStream } from '../../find-stream.ts';
import { TOKEN_MS } from '../../limits.ts';
import { openBytes, sealBytes } from '../../sealed-text.ts';
import type { Stream } from '../../shard.ts';
import type { KinesisState, KinesisTurn } from '../../state.ts';
import { checks, PAGE, STREAM_ARN } from '../../validation.ts';
import { consumersPrefix } from '../documents.ts';
import { expiredToken } from '../errors.ts';
import { reservedProblem, streamOf } from '../find-consumer.ts';
import { PAGE_DEFAULT } from '../limits.ts';
import { consumerView } from '../views.ts';

const PURPOSE = 'kinesis-consumers-token';

export const listStreamConsumers = operation<KinesisState, ListStreamConsumersInput, ListStreamConsumersOutput>({
  authorize: onStream('ListStreamConsumers'),
  decide(turn, input): Reply<ListStreamConsumersOutput> {
    const invalid = validationRefusal(
      checks()
        .required('streamARN', input.StreamARN)
        .pattern('streamARN', input.StreamARN, STREAM_ARN)
        .length('nextToken', input.NextToken, { min: 1, max: 1_048_576 })
        .range('maxResults', input.MaxResults, PAGE),
    );
    if (invalid !== undefined) return invalid;
    const stream = streamOf(turn, input.StreamARN as string);
    if (isRefused(stream)) return stream;
    const problem = reservedProblem(input) ?? creationProblem(stream, input);
    if (problem !== undefined) return refuse(problem);
    const after = afterOf(turn, stream, input.NextToken);
    if (typeof after === 'object') return refuse(after);
    return { output: pageOf(turn, stream, { after, limit: Math.min(input.MaxResults ?? PAGE_DEFAULT, PAGE_DEFAULT) }) };
  },
});

/** AWS tells streams of one name apart by the second of their creation. */
function creationProblem({ doc }: Stream, input: ListStreamConsumersInput): AwsError | undefined {
  const { StreamCreationTimestamp: atMs, NextToken } = input;
  if (atMs === undefined) return undefined;
  if (NextToken !== undefined) {
    return invalidArgument('NextToken and StreamCreationTimestamp cannot be provided together.');
  }
  const isIt = Math.floor(atMs / 1000) === Math.floor(doc.createdAtMs / 1000);
  return isIt ? undefined : streamNotFound(doc.name, doc.account);
}

function pageOf(turn: KinesisTurn, stream: Stream, page: { after: string | undefined; limit: number }) {
  const prefix = consumersPrefix(stream.doc.number);
  const { after, limit } = page;
  const { items, lastKey } = turn.state.consumers.page({
    prefix,
    limit,
    ...(after === undefined ? {} : { afterKey: prefix + after }),
  });
  const Consumers = items.map(({ doc }) => consumerView(doc));
  if (lastKey === undefined) return { Consumers };
  return { Consumers, NextToken: tokenOf(turn, stream, lastKey.slice(prefix.length)) };
}

function tokenOf(turn: KinesisTurn, stream: Stream, after: string): string {
  const writer = new ByteWriter(64);
  writer.f64(turn.nowMs);
  writer.u32(stream.doc.number);
  writer.text(after);
  return sealBytes(turn, PURPOSE, writer.bytes);
}

function afterOf(turn: KinesisTurn, stream: Stream, token: string | undefined): string | undefined | AwsError {
  if (token === undefined) return undefined;
  const content = openBytes(turn, PURPOSE, token);
  if (content === undefined) return invalidArgument('NextToken is invalid.');
  const reader = new ByteReader(content);
  const issuedAtMs = reader.f64();
  if (reader.u32() !== stream.doc.number) return invalidArgument('NextToken was not given for this stream.');
  return turn.nowMs - issuedAtMs > TOKEN_MS ? expiredToken() : reader.text();
}
