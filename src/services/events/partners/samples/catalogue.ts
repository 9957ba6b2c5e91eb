// All samples. Names are found whatever their case.

import { computeSamples } from './compute.ts';
import { dataSamples } from './data.ts';
import { deliverySamples } from './delivery.ts';
import { operationsSamples } from './operations.ts';
import type { Sample } from './sample.ts';

export const SAMPLES: readonly Sample[] = [
  ...computeSamples,
  ...dataSamples,
  ...deliverySamples,
  ...operationsSamples,
].sort((one, other) => order(one, other));

export function findSample(service: string, detailType: string): Sample | undefined {
  const [wantedService, wantedType] = [plain(service), detailType.toLowerCase()];
  return SAMPLES.find((sample) => sample.service === wantedService && sample.detailType.toLowerCase() === wantedType);
}

/** `aws.ec2` is as good as `ec2`. */
function plain(service: string): string {
  return service.toLowerCase().replace(/^aws\./, '');
}

function order(one: Sample, other: Sample): number {
  const [left, right] = [`${one.service}\n${one.detailType}`, `${other.service}\n${other.detailType}`];
  return left < right ? -1 : 1;
}
