// `/_eddy/events/samples` and `/_eddy/events/emit`: which samples of service events there are, and one of them onto a bus.

import type { Cell } from '#cell/cell.ts';
import { DEFAULT_ACCOUNT, DEFAULT_REGION, type Scope, scopeOf } from '#model/scope.ts';
import type { EmitSampleInput, EmitSampleOutput } from '#services/events/partners/operations/emit-sample-event.ts';
import { findSample, SAMPLES } from '#services/events/partners/samples/catalogue.ts';
import { nearestName } from '../config/nearest-name.ts';
import type { EmitAnswer, SampleName } from './contract.ts';
import { askEvents } from './own-operation.ts';
import { AdminRefusal, type AdminRoute, jsonBody } from './router.ts';

export function samplesRoute(): AdminRoute {
  const body: readonly SampleName[] = SAMPLES.map(({ service, detailType }) => ({ service, detailType }));
  return { methods: ['GET'], handle: () => ({ body }) };
}

export function emitRoute({ cell }: { readonly cell: Cell }): AdminRoute {
  return {
    methods: ['POST'],
    async handle(came) {
      const given = jsonBody(came.body);
      const input = inputOf(given);
      const reply = await askEvents(cell, { operation: '(emit-sample-event)', input, scope: scopeFrom(given), came });
      if ('refused' in reply) throw new AdminRefusal(reply.refused.status, reply.refused.message);
      return { body: reply.output as EmitAnswer satisfies EmitSampleOutput };
    },
  };
}

type Given = Readonly<Record<string, unknown>>;
const MEMBERS = ['service', 'detailType', 'detail', 'bus', 'account', 'region'];

function inputOf(given: Given): EmitSampleInput {
  const unknown = Object.keys(given).find((name) => !MEMBERS.includes(name));
  if (unknown !== undefined) throw new AdminRefusal(400, `${JSON.stringify(unknown)} is not known here.`);
  const [service, detailType] = [text(given, 'service') ?? '', text(given, 'detailType') ?? ''];
  if (findSample(service, detailType) === undefined) throw new AdminRefusal(404, unknownSample(service, detailType));
  return { service, detailType, detail: text(given, 'detail'), bus: text(given, 'bus') };
}

function scopeFrom(given: Given): Scope {
  const account = text(given, 'account') ?? DEFAULT_ACCOUNT;
  const region = text(given, 'region') ?? DEFAULT_REGION;
  if (!/^\d{12}$/.test(account)) throw new AdminRefusal(400, 'account has 12 digits.');
  if (!/^[a-z0-9-]{1,64}$/.test(region)) throw new AdminRefusal(400, 'region is like us-east-1.');
  return scopeOf(account, region);
}

function text(given: Given, name: string): string | undefined {
  const value = given[name];
  if (value === undefined || typeof value === 'string') return value;
  throw new AdminRefusal(400, `${name} is a text.`);
}

/** The nearest one first: of the service's own, when that is known. */
function unknownSample(service: string, detailType: string): string {
  const wanted = `${service.slice(0, 100)} "${detailType.slice(0, 200)}"`;
  const own = SAMPLES.filter((sample) => sample.service === service.toLowerCase().replace(/^aws\./, ''));
  const list = own.length > 0 ? own : SAMPLES;
  const byName = new Map(list.map((sample) => [nameOf(sample), sample]));
  const nearest = nearestName(wanted, [...byName.keys()]);
  const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  return `There is no sample ${wanted}.${hint} There are: ${[...byName.keys()].join(', ')}.`;
}

function nameOf({ service, detailType }: SampleName): string {
  return `${service} "${detailType}"`;
}
