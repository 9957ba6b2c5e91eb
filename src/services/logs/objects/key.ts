// Keys of objects that logs become: `AWSLogs/123456789012/EventBusLogs/shop.2026-01-15-12.3fa85f6457174562.gz`. AWS: CloudFront developer guide, "Configure standard
// logging (v2)", whose objects take the same way: the resource, the hour, something unique. Hive's names of folders are those that AWS's policies show.

import type { BucketDestination, LogSource } from '#cell/log-delivery.ts';
import type { ObjectPlace } from './facts.ts';

const VARIABLE = /\{([\w-]+)\}/g;
/** By variable: its name as a folder of Hive. */
const HIVE_NAMES: Readonly<Record<string, string>> = {
  'account-id': 'aws-account-id',
  accountid: 'aws-account-id',
  region: 'aws-region',
  yyyy: 'year',
  MM: 'month',
  dd: 'day',
  HH: 'hour',
};

/** Names of variables that nothing stands for, or a form that Hive's folders cannot have. */
export function isPath(path: string, isHive: boolean): boolean {
  const isKnown = [...path.matchAll(VARIABLE)].every(([, name = '']) => Object.hasOwn(HIVE_NAMES, name));
  const rest = path.replace(VARIABLE, '');
  return isKnown && !/[{}]/.test(rest) && !(isHive && rest.includes('='));
}

export function objectKey({ source, destination }: ObjectPlace, atMs: number, unique: string): string {
  const [yyyy = '', MM = '', dd = '', HH = ''] = new Date(atMs).toISOString().split(/[-T:]/);
  const folder = rendered(destination, { ...placeValues(source), yyyy, MM, dd, HH });
  const name = source.name.replace(/[^\w.-]/g, '-');
  return `${folder}${name}.${yyyy}-${MM}-${dd}-${HH}.${unique}.gz`;
}

/** What all keys of the source begin with. */
export function fixedPrefix({ source, destination }: ObjectPlace): string {
  const folder = rendered(destination, placeValues(source));
  const variable = folder.slice(destination.prefix.length).search(/\{|[\w-]+=\{/);
  return variable === -1 ? folder : folder.slice(0, destination.prefix.length + variable);
}

function placeValues({ account, region }: LogSource): Readonly<Record<string, string>> {
  return { 'account-id': account, accountid: account, region };
}

function rendered({ prefix, path, isHive }: BucketDestination, values: Readonly<Record<string, string>>): string {
  const folder = path.replace(VARIABLE, (whole, name: string) => {
    const value = values[name] ?? whole;
    return isHive === true ? `${HIVE_NAMES[name]}=${value}` : value;
  });
  return [prefix, folder].map(withSlash).join('');
}

function withSlash(folder: string): string {
  return folder === '' || folder.endsWith('/') ? folder : `${folder}/`;
}
