// For the tests, which build tables of services that have no generated file.
import type { ServiceSchema } from '../src/wire/schema.ts';

export interface ServiceSettings {
  readonly client: string;
  readonly prefix: string;
  readonly protocols: readonly string[];
  readonly doubles?: readonly string[];
  readonly xmlNamespace?: string;
}
export const SERVICES: readonly ServiceSettings[];
export function serviceTable(settings: ServiceSettings): Promise<ServiceSchema>;
export function fileText(service: ServiceSchema): string;
