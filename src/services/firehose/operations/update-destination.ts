// UpdateDestination: merged into what is configured when the type stays, all of it new otherwise. What waits goes by the new settings.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { UpdateDestinationInput, UpdateDestinationOutput } from '#wire/generated/firehose.ts';
import { DESTINATION_ID } from '../documents.ts';
import { destinationNotFound, versionMismatch } from '../errors.ts';
import { onStream, streamKey } from '../find-stream.ts';
import { namedStream } from '../named.ts';
import { sealSecrets, secretsOf } from '../secrets.ts';
import { readDestination } from '../settings/read.ts';
import { structure, text } from '../settings/shape.ts';
import { STREAM_NAME } from '../settings/shapes.ts';
import type { FirehoseState } from '../state.ts';

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
  authorize: onStream('UpdateDestination'),
  decide(turn, input): Reply<UpdateDestinationOutput> {
    const content = namedStream(turn, input, SHAPE);
    if (isRefused(content)) return content;
    const { doc } = content;
    const { CurrentDeliveryStreamVersionId: version = '', DestinationId: id = '' } = input;
    if (version !== String(doc.version)) return refuse(versionMismatch(doc.name, doc.version, version));
    if (id !== DESTINATION_ID) return refuse(destinationNotFound(id));
    const { secrets: _sealed, ...rest } = doc;
    const described = readDestination(turn, input, { ending: 'Update', before: doc.destination, owner: doc });
    if (isRefused(described)) return described;
    const secrets = sealSecrets(turn, doc.number, { ...secretsOf(turn, doc), ...described.secrets });
    turn.put(turn.state.streams, streamKey(turn.scope, doc.name), {
      ...rest,
      destination: described.destination,
      ...(secrets === undefined ? {} : { secrets }),
      version: doc.version + 1,
      updatedAtMs: turn.nowMs,
    });
    return { output: {} };
  },
});
