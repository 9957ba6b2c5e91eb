// What a target of a rule gets: the whole event, a constant (Input), a part (InputPath) or a text made from parts (InputTransformer). Works on the
// event's text, so that numbers keep their digits. AWS: EventBridge user guide, "Input transformation"; what is not said there is from replies of
// AWS recorded in LocalStack's tests (test_events_inputs.snapshot.json): a missing value is "" as JSON and nothing inside quotes,
// `<aws.events.event>` has no detail and names its type `detailType`.

import type { TargetParameters } from '#cell/target.ts';
import { type JsonPath, parseJsonPath, readJsonPath } from '#structures/input-template/json-path.ts';
import { parseTemplate, renderTemplate, type Template } from '#structures/input-template/template.ts';
import type { InputTransformer, Target } from '#wire/generated/events.ts';
import { isLogGroup, logEntryOf } from './log-entry.ts';

export interface ShapeContext {
  /** The whole event's JSON text. */
  readonly text: string;
  readonly ruleArn: string;
  readonly ruleName: string;
  readonly ingestionTimeMs: number;
}

/** `parameters` go along with the hand-over: a log group's template says when a line happened. */
export type Shaped =
  | { readonly text: string; readonly parameters?: TargetParameters }
  | {
      /** Why nothing can be delivered, for people: AWS does not deliver it either. */
      readonly problem: string;
    };

export function shapeInput(target: Target, context: ShapeContext): Shaped {
  const { Input, InputPath, InputTransformer: transformer } = target;
  if (Input !== undefined) return { text: Input };
  if (InputPath !== undefined) return shapeByPath(InputPath, context.text);
  if (transformer === undefined) return { text: context.text };
  const rendered = transform(transformer, context);
  return 'text' in rendered && isLogGroup(target.Arn) ? logEntryOf(rendered.text) : rendered;
}

/** A path that leads to nothing gives `null`. */
function shapeByPath(text: string, event: string): Shaped {
  if (text === '' || text === '$') return { text: event };
  const path = parseJsonPath(text);
  if (path === undefined) return { problem: `InputPath ${text} is not a path that is supported` };
  return { text: readJsonPath(event, path) ?? 'null' };
}

interface Compiled {
  readonly template: Template;
  readonly paths: ReadonlyMap<string, JsonPath>;
}

/** Documents are replaced and never changed, so that each transformer is compiled once. */
const compiled = new WeakMap<InputTransformer, Compiled>();

function compile(transformer: InputTransformer): Compiled {
  const known = compiled.get(transformer);
  if (known !== undefined) return known;
  const paths = new Map<string, JsonPath>();
  for (const [name, text] of Object.entries(transformer.InputPathsMap ?? {})) {
    const path = parseJsonPath(text);
    if (path !== undefined) paths.set(name, path);
  }
  const made = { template: parseTemplate(transformer.InputTemplate ?? ''), paths };
  compiled.set(transformer, made);
  return made;
}

function transform(transformer: InputTransformer, context: ShapeContext): Shaped {
  const { template, paths } = compile(transformer);
  const rendered = renderTemplate(template, (name) => {
    const path = paths.get(name);
    return path === undefined ? PREDEFINED.get(name)?.(context) : readJsonPath(context.text, path);
  });
  if ('text' in rendered) return rendered;
  const names = rendered.brokenBy.map((name) => `<${name}>`).join(', ');
  return {
    problem: `the input template is not JSON once it is filled in: ${names} stands inside quotes, where values are not escaped`,
  };
}

/** The members of `<aws.events.event>`, in AWS's order, with their names in the event. */
const EVENT_MEMBERS = [
  ['id', 'id'],
  ['account', 'account'],
  ['detailType', 'detail-type'],
  ['time', 'time'],
  ['source', 'source'],
  ['region', 'region'],
  ['resources', 'resources'],
  ['version', 'version'],
] as const;

/** Variables without a path. Their names have dots, which names of the map must not have. */
export const PREDEFINED: ReadonlyMap<string, (context: ShapeContext) => string> = new Map([
  ['aws.events.rule-arn', ({ ruleArn }) => JSON.stringify(ruleArn)],
  ['aws.events.rule-name', ({ ruleName }) => JSON.stringify(ruleName)],
  ['aws.events.event.ingestion-time', ({ ingestionTimeMs }) => JSON.stringify(isoSeconds(ingestionTimeMs))],
  ['aws.events.event', ({ text }) => eventWithoutDetail(text)],
  ['aws.events.event.json', ({ text }) => text],
]);

function eventWithoutDetail(text: string): string {
  const members = EVENT_MEMBERS.flatMap(([shown, name]) => {
    const value = readJsonPath(text, { steps: [{ key: name }], isDefinite: true });
    return value === undefined ? [] : [`"${shown}":${value}`];
  });
  return `{${members.join(',')}}`;
}

function isoSeconds(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
