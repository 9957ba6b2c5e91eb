// Server-side encryption has keys of KMS, which this server does not have: refused by name, for streams that exist.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type {
  StartDeliveryStreamEncryptionInput,
  StopDeliveryStreamEncryptionInput,
} from '#wire/generated/firehose.ts';
import { notAvailable } from '../errors.ts';
import { onStream } from '../find-stream.ts';
import { namedStream } from '../named.ts';
import type { FirehoseState } from '../state.ts';

function refused(action: 'StartDeliveryStreamEncryption' | 'StopDeliveryStreamEncryption') {
  return operation<FirehoseState, StartDeliveryStreamEncryptionInput | StopDeliveryStreamEncryptionInput, object>({
    isRefusal: true,
    authorize: onStream(action),
    decide(turn, input): Reply<object> {
      const content = namedStream(turn, input);
      return isRefused(content) ? content : refuse(notAvailable(action));
    },
  });
}

export const startDeliveryStreamEncryption = refused('StartDeliveryStreamEncryption');
export const stopDeliveryStreamEncryption = refused('StopDeliveryStreamEncryption');
