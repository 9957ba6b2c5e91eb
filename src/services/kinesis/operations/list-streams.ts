// ListStreams, by name. Goes on behind a name or a token.

import { utf8Decode, utf8Encode } from '#base/bytes.ts';
import { operation, type Reply } from '#cell/service-definition.ts';
import { clientError, isRefused, type Refused, refuse } from '#model/aws-error.ts';
import { scopePrefix } from '#model/scope.ts';
import type { ListStreamsInput, ListStreamsOutput } from '#wire/generated/kinesis.ts';
import { invalidArgument, validationRefusal } from '../errors.ts';
import { TOKEN_MS } from '../limits.ts';
import { openBytes, sealBytes } from '../sealed-text.ts';
import type { KinesisState, KinesisTurn } from '../state.ts';
import { checks, ID_LENGTH, PAGE, STREAM_NAME } from '../validation.ts';
import { listedView } from '../views.ts';

const PURPOSE = 'kinesis-streams';
/** AWS: API reference, ListStreams: 100 without a limit. */
const LIMIT_DEFAULT = 100;

export const listStreams = operation<KinesisState, ListStreamsInput, ListStreamsOutput>({
  authorize: (turn) => ({
    action: 'kinesis:ListStreams',
    resource: '*',
    resourceAccount: turn.scope.account,
  }),
  decide(turn, input): Reply<ListStreamsOutput> {
    const after = startOf(turn, input);
    if (isRefused(after)) return after;
    const prefix = scopePrefix(turn.scope);
    const { items, lastKey } = turn.state.streams.page({
      prefix,
      ...(after.name === undefined ? {} : { afterKey: `${prefix}${after.name}` }),
      limit: input.Limit ?? LIMIT_DEFAULT,
    });
    const docs = items.map(({ doc }) => doc);
    return {
      output: {
        StreamNames: docs.map(({ name }) => name),
        HasMoreStreams: lastKey !== undefined,
        StreamSummaries: docs.map(listedView),
        ...(lastKey === undefined ? {} : { NextToken: sealToken(turn, lastKey.slice(prefix.length)) }),
      },
    };
  },
});

function startOf(turn: KinesisTurn, input: ListStreamsInput): { readonly name: string | undefined } | Refused {
  const { Limit, ExclusiveStartStreamName: name, NextToken } = input;
  const invalid = validationRefusal(
    checks()
      .range('limit', Limit, PAGE)
      .pattern('exclusiveStartStreamName', name, STREAM_NAME)
      .length('exclusiveStartStreamName', name, ID_LENGTH),
  );
  if (invalid !== undefined) return invalid;
  if (NextToken === undefined) return { name };
  // Texts are not AWS's.
  if (name !== undefined) {
    return refuse(invalidArgument('NextToken and ExclusiveStartStreamName cannot be provided together.'));
  }
  const content = openBytes(turn, PURPOSE, NextToken);
  const { account, region } = turn.scope;
  const [issuedAtMs, of, after] = content === undefined ? [] : utf8Decode(content).split('\n');
  if (after === undefined || of !== `${account}/${region}`) return refuse(invalidArgument('Invalid NextToken.'));
  return turn.nowMs - Number(issuedAtMs) <= TOKEN_MS
    ? { name: after }
    : refuse(clientError('ExpiredNextTokenException', 'The NextToken has expired: tokens are valid for 300 seconds.'));
}

function sealToken(turn: KinesisTurn, name: string): string {
  const { account, region } = turn.scope;
  return sealBytes(turn, PURPOSE, utf8Encode(`${turn.nowMs}\n${account}/${region}\n${name}`));
}
