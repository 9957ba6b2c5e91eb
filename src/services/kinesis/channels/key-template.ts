// Keys of delivered objects. AWS: developer guide, "S3 output key template for Amazon S3 delivery": the default, and a unique suffix on every key.
// The suffix's form is that of an example in MSK's guide, whose deliveries are made alike.

import type { ChannelDoc } from './documents.ts';

const DEFAULT_TEMPLATE =
  'kinesis-channel/!{channel-name}/!{channel-id}/!{yyyy}/!{MM}/!{dd}/!{HH}/!{channel-name}-!{channel-id}-!{yyyy}-!{MM}-!{dd}-!{HH}-!{mm}!{extension}';
const VARIABLES = new Set(['channel-name', 'channel-id', 'yyyy', 'MM', 'dd', 'HH', 'mm', 'extension']);
const VARIABLE = /!\{([^}]*)\}/g;
const LENGTH_MAX = 1_024;

/** Rules as MSK's guide lists them. Texts are not AWS's. */
export function templateProblem(template: string): string | undefined {
  if (template.length > LENGTH_MAX) return `OutputKeyTemplate is longer than ${LENGTH_MAX} characters.`;
  if (template.includes('..') || template.includes('./') || template.startsWith('/') || template.endsWith('/')) {
    return 'OutputKeyTemplate must not begin or end with "/" nor contain ".." or "./".';
  }
  for (const [, name = ''] of template.matchAll(VARIABLE)) {
    if (!VARIABLES.has(name)) return `OutputKeyTemplate has the variable ${name}, which is not known here.`;
  }
  const literals = template.replace(VARIABLE, '');
  return /^[a-zA-Z0-9/_\-.+=]*$/.test(literals) ? undefined : 'OutputKeyTemplate has characters that are not allowed.';
}

/** `unique`: 11 hexadecimal digits. */
export function objectKey(channel: ChannelDoc, atMs: number, unique: string): string {
  const [yyyy = '', MM = '', dd = '', HH = '', mm = ''] = new Date(atMs).toISOString().split(/[-T:]/);
  const extension = channel.compression === 'GZIP' ? '.gz' : '';
  const values: Readonly<Record<string, string>> = {
    ...{ 'channel-name': channel.name, 'channel-id': channel.id, extension },
    ...{ yyyy, MM, dd, HH, mm },
  };
  const template = channel.keyTemplate ?? DEFAULT_TEMPLATE;
  return `${template.replace(VARIABLE, (_, name: string) => values[name] ?? '')}-000000-${unique}`;
}
