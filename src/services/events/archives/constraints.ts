// AWS's front-end validation of archives and replays: every broken constraint of a request in one text. Source: API reference.

import { Validation } from '#model/validation.ts';
import type { CreateArchiveInput, StartReplayInput } from '#wire/generated/events.ts';
import { PATTERN_LENGTH_MAX } from '../limits.ts';
import {
  ARCHIVE_NAME_LENGTH_MAX,
  ARN_LENGTH_MAX,
  DESCRIPTION_LENGTH_MAX,
  NEXT_TOKEN_LENGTH_MAX,
  PAGE_MAX,
  REPLAY_NAME_LENGTH_MAX,
} from './limits.ts';

const NAME = { test: /^[.\-_A-Za-z0-9]+$/, shown: '[\\.\\-_A-Za-z0-9]+' };
const DESCRIPTION = { test: /^.*$/, shown: '.*' };
const RESOURCE_ARN = {
  test: /^arn:aws([a-z]|-)*:events:([a-z]|\d|-)*:([0-9]{12})?:.+\/.+$/,
  shown: '^arn:aws([a-z]|\\-)*:events:([a-z]|\\d|\\-)*:([0-9]{12})?:.+\\/.+$',
};

export function archiveNameConstraints(name: string | undefined, checked = new Validation()): Validation {
  return checked
    .required('archiveName', name)
    .length('archiveName', name, { min: 1, max: ARCHIVE_NAME_LENGTH_MAX })
    .pattern('archiveName', name, NAME);
}

export function replayNameConstraints(name: string | undefined, checked = new Validation()): Validation {
  return checked
    .required('replayName', name)
    .length('replayName', name, { min: 1, max: REPLAY_NAME_LENGTH_MAX })
    .pattern('replayName', name, NAME);
}

/** Of CreateArchive and UpdateArchive. */
export function archiveConstraints(input: Omit<CreateArchiveInput, 'EventSourceArn'>): Validation {
  return descriptionConstraints(input.Description, archiveNameConstraints(input.ArchiveName))
    .length('eventPattern', input.EventPattern, { max: PATTERN_LENGTH_MAX })
    .range('retentionDays', input.RetentionDays, { min: 0, max: Number.POSITIVE_INFINITY });
}

export function replayConstraints(input: StartReplayInput): Validation {
  const { Destination } = input;
  const checked = descriptionConstraints(input.Description, replayNameConstraints(input.ReplayName));
  arnConstraints('eventSourceArn', input.EventSourceArn, checked.required('eventSourceArn', input.EventSourceArn))
    .required('eventStartTime', input.EventStartTime)
    .required('eventEndTime', input.EventEndTime)
    .required('destination', Destination);
  if (Destination === undefined) return checked;
  checked
    .required('destination.arn', Destination.Arn)
    .length('destination.arn', Destination.Arn, { min: 1, max: ARN_LENGTH_MAX });
  for (const [i, arn] of (Destination.FilterArns ?? []).entries()) {
    checked.length(`destination.filterArns.${i + 1}.member`, arn, { min: 1, max: ARN_LENGTH_MAX });
  }
  return checked;
}

export function arnConstraints(path: string, arn: string | undefined, checked = new Validation()): Validation {
  return checked.length(path, arn, { min: 1, max: ARN_LENGTH_MAX }).pattern(path, arn, RESOURCE_ARN);
}

/** Of ListArchives and ListReplays. */
export function listConstraints(
  input: {
    readonly NamePrefix?: string | undefined;
    readonly EventSourceArn?: string | undefined;
    readonly State?: string | undefined;
    readonly NextToken?: string | undefined;
    readonly Limit?: number | undefined;
  },
  { nameLengthMax, states }: { readonly nameLengthMax: number; readonly states: readonly string[] },
): Validation {
  const checked = new Validation()
    .length('namePrefix', input.NamePrefix, { min: 1, max: nameLengthMax })
    .pattern('namePrefix', input.NamePrefix, NAME);
  return arnConstraints('eventSourceArn', input.EventSourceArn, checked)
    .oneOf('state', input.State, states)
    .length('nextToken', input.NextToken, { min: 1, max: NEXT_TOKEN_LENGTH_MAX })
    .range('limit', input.Limit, { min: 1, max: PAGE_MAX });
}

function descriptionConstraints(description: string | undefined, checked: Validation): Validation {
  return checked
    .length('description', description, { max: DESCRIPTION_LENGTH_MAX })
    .pattern('description', description, DESCRIPTION);
}
