// Input templates of pipes: paths into the event, and variables of the pipe. AWS: user guide, "Amazon EventBridge Pipes input transformation". What becomes of
// a placeholder where it stands is the same as with rules (#structures/input-template).

import { type JsonPath, parseJsonPath, readJsonPath } from '#structures/input-template/json-path.ts';
import { minified } from '#structures/input-template/json-text.ts';
import { isJson, parseTemplate, renderTemplate, type Template } from '#structures/input-template/template.ts';
import type { PipeDoc } from '../documents.ts';
import type { Item } from './item.ts';

export interface ShapeContext {
  readonly pipe: PipeDoc;
  readonly nowMs: number;
}

/** `problem`: why nothing can be sent, for people. */
export type Shaped = { readonly texts: readonly string[] } | { readonly problem: string };

interface Parameters {
  readonly InputTemplate?: string | undefined;
}

/** Each event by itself. AWS: "Input transformers are applied separately on each individual JSON record in the array". */
export function shapeItems(parameters: Parameters, items: readonly Item[], context: ShapeContext): Shaped {
  const texts: string[] = [];
  for (const item of items) {
    const shaped = shape(parameters, item, context);
    if ('problem' in shaped) return shaped;
    texts.push(shaped.text);
  }
  return { texts };
}

function shape(
  parameters: Parameters,
  item: Item,
  context: ShapeContext,
): { readonly text: string } | { readonly problem: string } {
  const { InputTemplate: text = '' } = parameters;
  if (text === '') return { text: item.text };
  const { template, paths } = compile(parameters, text);
  const rendered = renderTemplate(template, (name) => {
    const path = paths.get(name);
    if (path === undefined) return VARIABLES.get(name)?.(item, context);
    const value = readJsonPath(item.readable, path);
    return template.isJson ? value : withoutQuotes(value);
  });
  if ('text' in rendered) return rendered;
  const names = rendered.brokenBy.map((name) => `<${name}>`).join(', ');
  return {
    problem: `The input template is not JSON once it is filled in: ${names} stands inside quotes, where values are not escaped.`,
  };
}

/**
 * Of objects and arrays that are put into a text instead of JSON. AWS: user guide, "Implicit body data parsing": with `<$.body>` alone "`{"key": "value"}` will
 * become `"{key: value}"`", which functions do not take; "wrap the source body data input transformer in JSON". Users had that confirmed by AWS's support.
 */
function withoutQuotes(value: string | undefined): string | undefined {
  return value !== undefined && /^[[{]/.test(value) ? value.replaceAll('"', '') : value;
}

interface Compiled {
  readonly template: Template;
  readonly paths: ReadonlyMap<string, JsonPath>;
}

/** Documents are replaced and never changed, so that each template is compiled once. */
const compiled = new WeakMap<Parameters, Compiled>();

function compile(parameters: Parameters, text: string): Compiled {
  const known = compiled.get(parameters);
  if (known !== undefined) return known;
  const template = parseTemplate(text);
  const paths = new Map<string, JsonPath>();
  for (const { name } of template.placeholders) {
    const path = parseJsonPath(name);
    if (path !== undefined) paths.set(name, path);
  }
  const made = { template, paths };
  compiled.set(parameters, made);
  return made;
}

type Variable = (item: Item, context: ShapeContext) => string | undefined;

const VARIABLES: ReadonlyMap<string, Variable> = new Map<string, Variable>([
  ['aws.pipes.pipe-arn', (_item, { pipe }) => JSON.stringify(pipe.arn)],
  ['aws.pipes.pipe-name', (_item, { pipe }) => JSON.stringify(pipe.name)],
  ['aws.pipes.source-arn', (_item, { pipe }) => JSON.stringify(pipe.sourceArn)],
  ['aws.pipes.enrichment-arn', (_item, { pipe }) => pipe.enrichmentArn && JSON.stringify(pipe.enrichmentArn)],
  ['aws.pipes.target-arn', (_item, { pipe }) => JSON.stringify(pipe.targetArn)],
  ['aws.pipes.event.ingestion-time', (_item, { nowMs }) => JSON.stringify(isoSeconds(nowMs))],
  ['aws.pipes.event', (item) => (item.isJson ? item.text : JSON.stringify(item.text))],
  ['aws.pipes.event.json', (item) => (item.hasJsonPayload ? minified(item.readable) : undefined)],
]);

export function isPlaceholder(name: string): boolean {
  return VARIABLES.has(name) || parseJsonPath(name) !== undefined;
}

/** Why texts cannot be put together as a JSON array, when one is no JSON. */
export function jsonProblem(texts: readonly string[]): string | undefined {
  return texts.every(isJson) ? undefined : 'The input template does not make valid JSON, which this target needs.';
}

function isoSeconds(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
