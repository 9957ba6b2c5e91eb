// A sample of an event of one of AWS's services onto a bus, as the service itself would put it: its source is not for users.

import { operation } from '#cell/service-definition.ts';
import { clientError, isRefused, refuse } from '#model/aws-error.ts';
import { findBus } from '../../buses/find-bus.ts';
import { notFound, validation } from '../../errors.ts';
import { DETAIL_LEVELS_MAX, ENTRY_BYTES_MAX } from '../../limits.ts';
import { isJsonObject } from '../../routing/detail-json.ts';
import type { EventsState } from '../../state.ts';
import { notTheServer } from '../internal.ts';
import { findSample } from '../samples/catalogue.ts';
import { filledIn } from '../samples/sample.ts';
import { takeIn } from '../take-in.ts';

export interface EmitSampleInput {
  /** `ec2` */
  readonly service: string;
  readonly detailType: string;
  /** JSON text of an object: members that replace the sample's. */
  readonly detail?: string | undefined;
  /** Name or ARN; the default bus without it. */
  readonly bus?: string | undefined;
}

export interface EmitSampleOutput {
  readonly eventId: string;
  readonly busArn: string;
}

export const emitSampleEvent = operation<EventsState, EmitSampleInput, EmitSampleOutput>({
  authorize: undefined,
  decide(turn, { service, detailType, detail = '{}', bus: busName }) {
    const refused = notTheServer(turn);
    if (refused !== undefined) return refused;
    const sample = findSample(service, detailType);
    if (sample === undefined) return refuse(notFound(`There is no sample ${service} ${detailType}.`));
    if (detail.length > ENTRY_BYTES_MAX / 2 || !isJsonObject(detail, DETAIL_LEVELS_MAX)) {
      return refuse(validation('The detail must be the JSON of an object of at most half a megabyte.'));
    }
    const bus = findBus(turn, busName);
    if (isRefused(bus)) return bus;
    const { account, region } = bus;
    const { partition } = turn.scope;
    const occasion = { account, region, partition, timeMs: turn.nowMs, uuid: turn.uuid() };
    const filled = filledIn(sample, occasion, JSON.parse(detail) as Record<string, unknown>);
    const id = turn.uuid();
    const violation = takeIn(turn, bus, { id, detailType: sample.detailType, ...filled, way: 'sample' });
    if (violation !== undefined) return refuse(clientError(violation.code, violation.message));
    return { output: { eventId: id, busArn: bus.arn } };
  },
});
