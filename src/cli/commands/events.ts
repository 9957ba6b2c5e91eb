// `eddy events emit`: samples of events of AWS's services.

import type { EmitAnswer, EmitRequest, SampleName } from '#server/admin-api/contract.ts';
import { CommandProblem, EXIT } from '../exit-codes.ts';
import type { ServerClient } from '../server-client.ts';

export interface EmitOptions {
  readonly detail?: string;
  readonly bus?: string;
  readonly region: string;
  readonly account: string;
  readonly list?: boolean;
  readonly json?: boolean;
}

interface Wanted {
  readonly service: string | undefined;
  readonly detailType: string | undefined;
}

export async function emit(
  client: ServerClient,
  { service, detailType }: Wanted,
  options: EmitOptions,
): Promise<string> {
  const { detail, bus, region, account, list, json } = options;
  if (list === true) return listed(client, service, json === true);
  if (service === undefined || detailType === undefined) {
    const text =
      'Name a service and a detail-type, as in: eddy events emit s3 "Object Created". --list shows them all.';
    throw new CommandProblem(EXIT.usage, text);
  }
  const request: EmitRequest = { service, detailType, detail, bus, region, account };
  const answer = await client.post<EmitAnswer>('/_eddy/events/emit', request);
  if (json === true) return JSON.stringify(answer);
  return `Event ${answer.eventId} is on ${answer.busArn}.`;
}

async function listed(client: ServerClient, service: string | undefined, isJson: boolean): Promise<string> {
  const all = await client.get<readonly SampleName[]>('/_eddy/events/samples');
  const wanted = service?.toLowerCase().replace(/^aws\./, '');
  const samples = wanted === undefined ? all : all.filter((sample) => sample.service === wanted);
  if (isJson) return JSON.stringify(samples);
  return samples.map((sample) => `${sample.service.padEnd(15)} ${sample.detailType}`).join('\n');
}
