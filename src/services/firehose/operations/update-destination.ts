// UpdateDestination: merged into what is configured when the type stays, all of it new otherwise. What waits goes by the new settings.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, type Refused, refuse } from '#model/aws-error.ts';
import type { UpdateDestinationInput, UpdateDestinationOutput } from '#wire/generated/firehose.ts';
import { DESTINATION_ID } from '../documents.ts';
import { destinationNotFound, versionMismatch } from '../errors.ts';
import { onStream, streamKey } from '../find-stream.ts';
import { namedStream } from '../named.ts';
import { passedRoles } from '../passed-roles.ts';
import { sealSecrets, secretsOf } from '../secrets.ts';
import { carryOutChecked, type Ready } from '../settings/check-query.ts';
import { readDestination } from '../settings/read.ts';
import { structure, text } from '../settings/shape.ts';
import { STREAM_NAME } from '../settings/shapes.ts';
import type { FirehoseState, FirehoseTurn } from '../state.ts';

const SHAPE = structure(
  {
    DeliveryStreamName: STREAM_NAME,
    CurrentDeliveryStreamVersionId: text({ min: 1, max: 50, pattern: { test: /^[0-9]+$/, shown: '[0-9]+' } }),
    DestinationId: text({ min: 1, max: 100, pattern: { test: /^[a-zA-Z0-9-]+$/, shown: '[a-zA-Z0-9-]+' } }),
  },
  'DeliveryStreamName',
  'CurrentDeliveryStreamVersionId',
  'DestinationId',
);

export const updateDestination = operation<FirehoseState, UpdateDestinationInput, UpdateDestinationOutput>({
  authorize: (turn, input) => [onStream('UpdateDestination')(turn, input), ...passedRoles(turn, input)],
  decide: (turn, input): Reply<UpdateDestinationOutput> => carryOutChecked(turn, (again) => plan(again, input)),
});

function plan(turn: FirehoseTurn, input: UpdateDestinationInput): Ready<UpdateDestinationOutput> | Refused {
  const content = namedStream(turn, input, SHAPE);
  if (isRefused(content)) return content;
  const { doc } = content;
  const { CurrentDeliveryStreamVersionId: version = '', DestinationId: id = '' } = input;
  if (version !== String(doc.version)) return refuse(versionMismatch(doc.name, doc.version, version));
  if (id !== DESTINATION_ID) return refuse(destinationNotFound(id));
  const { secrets: _sealed, ...rest } = doc;
  const described = readDestination(turn, input, { ending: 'Update', before: doc.destination, owner: doc });
  if (isRefused(described)) return described;
  const { destination } = described;
  const carryOut = (): UpdateDestinationOutput => {
    const secrets = sealSecrets(turn, doc.number, { ...secretsOf(turn, doc), ...described.secrets });
    turn.put(turn.state.streams, streamKey(turn.scope, doc.name), {
      ...rest,
      destination,
      ...(secrets === undefined ? {} : { secrets }),
      version: doc.version + 1,
      updatedAtMs: turn.nowMs,
    });
    return {};
  };
  return { destination, carryOut };
}
