// Policy documents as IAM's grammar defines them: read from a client's text, checked completely, kept as data. What is
// not understood is refused here, when the policy is put; evaluation never meets an element it would have to ignore.
// Who decides with them: policy/evaluate.ts. Texts of problems are AWS's; `detail` adds where and what, for people.

import { type ConditionBlock, compileConditions } from './policy/conditions.ts';
import { type Principals, parsePrincipals } from './policy/principals.ts';
import { compileText } from './policy/text-pattern.ts';

/** Where a document is going to be attached; each place has rules of its own. */
export type PolicyKind = 'identity' | 'trust' | 'resource';

export interface PolicyStatement {
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  readonly principals: Principals | undefined;
  readonly notPrincipals: Principals | undefined;
  readonly actions: readonly string[] | undefined;
  readonly notActions: readonly string[] | undefined;
  readonly resources: readonly string[] | undefined;
  readonly notResources: readonly string[] | undefined;
  readonly conditions: ConditionBlock;
}

export interface PolicyDocument {
  /** 2008-10-17 (also when absent) has no policy variables. */
  readonly version: '2012-10-17' | '2008-10-17';
  readonly id: string | undefined;
  readonly statements: readonly PolicyStatement[];
}

export interface PolicyProblem {
  /** AWS's text for a MalformedPolicyDocument. */
  readonly text: string;
  /** Which element is wrong and why, for a person. */
  readonly detail: string;
}

export type ParsedPolicy = { readonly document: PolicyDocument } | { readonly problem: PolicyProblem };

const SYNTAX = 'Syntax errors in policy.';
const DOCUMENT_ELEMENTS = new Set(['Version', 'Id', 'Statement']);
const STATEMENT_ELEMENTS = new Set([
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]);

type Json = Readonly<Record<string, unknown>>;

export function parsePolicyDocument(text: string, kind: PolicyKind): ParsedPolicy {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    // AWS words this differently for a trust policy than for a permission policy.
    const wording = kind === 'trust' ? 'This policy contains invalid Json' : SYNTAX;
    return refuse(wording, `not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!isObject(json)) return refuse(SYNTAX, 'a policy is a JSON object');
  const unknown = Object.keys(json).find((key) => !DOCUMENT_ELEMENTS.has(key));
  if (unknown !== undefined) return refuse(unknownElement(kind, unknown), `unknown element "${unknown}" in the policy`);
  return parseDocument(json, kind);
}

function parseDocument(json: Json, kind: PolicyKind): ParsedPolicy {
  const { Version: version = '2008-10-17', Id: id } = json;
  if (version !== '2012-10-17' && version !== '2008-10-17') {
    return refuse(SYNTAX, `Version is 2012-10-17 or 2008-10-17, not ${JSON.stringify(version)}`);
  }
  if (kind === 'identity' && version !== '2012-10-17') {
    return refuse('Policy document must be version 2012-10-17 or greater.', 'Version is missing or 2008-10-17');
  }
  if (id !== undefined && typeof id !== 'string') return refuse(SYNTAX, 'Id is a string');
  const raw = Array.isArray(json['Statement']) ? (json['Statement'] as unknown[]) : [json['Statement']];
  if (raw.length === 0 || json['Statement'] === undefined) return refuse(SYNTAX, 'Statement is missing or empty');
  const statements: PolicyStatement[] = [];
  for (const [index, item] of raw.entries()) {
    const parsed = parseStatement(item, { kind, version, where: `Statement[${index}]` });
    if ('problem' in parsed) return parsed;
    statements.push(parsed.statement);
  }
  const sids = statements.flatMap((statement) => statement.sid ?? []);
  const seen = new Set<string>();
  const repeated = sids.find((sid) => seen.size === seen.add(sid).size);
  if (repeated !== undefined && kind === 'identity') {
    return refuse('Statement IDs (SID) in a single policy must be unique.', `Sid "${repeated}" appears twice`);
  }
  return { document: { version, id, statements } };
}

interface StatementPlace {
  readonly kind: PolicyKind;
  readonly version: PolicyDocument['version'];
  readonly where: string;
}

type ParsedStatement = { readonly statement: PolicyStatement } | { readonly problem: PolicyProblem };

function parseStatement(json: unknown, place: StatementPlace): ParsedStatement {
  const { kind, where } = place;
  if (!isObject(json)) return refuse(SYNTAX, `${where} is a JSON object`);
  const unknown = Object.keys(json).find((key) => !STATEMENT_ELEMENTS.has(key));
  if (unknown !== undefined) return refuse(unknownElement(kind, unknown), `unknown element "${unknown}" in ${where}`);
  const { Sid: sid, Effect: effect } = json;
  if (sid !== undefined && typeof sid !== 'string') return refuse(SYNTAX, `${where}.Sid is a string`);
  if (kind === 'identity' && sid !== undefined && !/^[0-9A-Za-z]*$/.test(sid)) {
    const text =
      'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*';
    return refuse(text, `${where}.Sid is ${JSON.stringify(sid)}`);
  }
  if (effect !== 'Allow' && effect !== 'Deny') return refuse(SYNTAX, `${where}.Effect is "Allow" or "Deny"`);
  const presence = checkPresence(json, place);
  if (presence !== undefined) return { problem: presence };
  const lists = parseLists(json, place);
  if ('problem' in lists) return lists;
  const principals = parseBothPrincipals(json, where);
  if ('problem' in principals) return principals;
  const conditions = parseConditions(json['Condition'], place);
  if ('problem' in conditions) return conditions;
  return { statement: { sid, effect, ...principals, ...lists.lists, conditions: conditions.conditions } };
}

/** Which elements must and must not be there, by the place the policy is for. */
function checkPresence(json: Json, { kind, where }: StatementPlace): PolicyProblem | undefined {
  const has = (element: string): boolean => json[element] !== undefined;
  for (const element of ['Principal', 'Action', 'Resource']) {
    if (has(element) && has(`Not${element}`)) {
      return { text: SYNTAX, detail: `${where} has both ${element} and Not${element}` };
    }
  }
  const hasPrincipal = has('Principal') || has('NotPrincipal');
  const hasAction = has('Action') || has('NotAction');
  const hasResource = has('Resource') || has('NotResource');
  if (kind === 'identity') {
    if (hasPrincipal) return { text: 'Policy document should not specify a principal.', detail: where };
    if (!hasAction) return { text: 'Policy statement must contain actions.', detail: where };
    if (!hasResource) return { text: 'Policy statement must contain resources.', detail: where };
    return undefined;
  }
  if (kind === 'trust') {
    if (hasResource) return { text: 'Has prohibited field Resource', detail: where };
    if (!has('Principal')) return { text: 'Missing required field Principal', detail: where };
    if (!hasAction) return { text: 'Missing required field Action', detail: where };
    return undefined;
  }
  const missing = !hasPrincipal ? 'Principal' : !hasAction ? 'Action' : !hasResource ? 'Resource' : undefined;
  return missing === undefined ? undefined : { text: SYNTAX, detail: `${where} has no ${missing}` };
}

type Lists = Pick<PolicyStatement, 'actions' | 'notActions' | 'resources' | 'notResources'>;

function parseLists(json: Json, place: StatementPlace): { lists: Lists } | { problem: PolicyProblem } {
  const lists: Record<string, readonly string[] | undefined> = {};
  for (const element of ['Action', 'NotAction', 'Resource', 'NotResource']) {
    if (json[element] === undefined) continue;
    const list = stringList(json[element]);
    if (list === undefined) return refuse(SYNTAX, `${place.where}.${element} is a string or a list of strings`);
    const check = element.endsWith('Action') ? checkAction : checkResource;
    for (const item of list) {
      const problem = check(item, place);
      if (problem !== undefined) return { problem };
    }
    lists[element] = list;
  }
  const { Action: actions, NotAction: notActions, Resource: resources, NotResource: notResources } = lists;
  return { lists: { actions, notActions, resources, notResources } };
}

function checkAction(action: string, { kind, where }: StatementPlace): PolicyProblem | undefined {
  if (action === '*') {
    if (kind !== 'trust') return undefined;
    return { text: 'AssumeRole policy may only specify STS AssumeRole actions.', detail: `${where}.Action is "*"` };
  }
  const colon = action.indexOf(':');
  const detail = `${where}.Action is ${JSON.stringify(action)}`;
  if (colon < 0) return { text: 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.', detail };
  const vendor = action.slice(0, colon);
  if (!/^[a-zA-Z0-9-]+$/.test(vendor)) return { text: `Vendor ${vendor} is not valid`, detail };
  if (!/^[a-zA-Z0-9*?]+$/.test(action.slice(colon + 1))) return { text: SYNTAX, detail };
  if (kind === 'trust' && vendor.toLowerCase() !== 'sts') {
    return { text: 'AssumeRole policy may only specify STS AssumeRole actions.', detail };
  }
  return undefined;
}

function checkResource(resource: string, { where, version }: StatementPlace): PolicyProblem | undefined {
  if (!/^(\*|arn:|\$\{)/.test(resource)) {
    return { text: `Resource ${resource} must be in ARN format or "*".`, detail: `${where}.Resource` };
  }
  const isReadable =
    compileText(resource, { hasWildcards: true, hasVariables: version === '2012-10-17' }) !== undefined;
  return isReadable ? undefined : { text: SYNTAX, detail: `${where}.Resource has a variable that cannot be read` };
}

type BothPrincipals = Pick<PolicyStatement, 'principals' | 'notPrincipals'>;

function parseBothPrincipals(json: Json, where: string): BothPrincipals | { problem: PolicyProblem } {
  const parsed: (Principals | undefined)[] = [];
  for (const element of ['Principal', 'NotPrincipal']) {
    const raw = json[element];
    const principals = raw === undefined ? { principals: undefined } : parsePrincipals(raw);
    if ('invalid' in principals) return refuse(principals.text ?? SYNTAX, `${where}.${element}: ${principals.invalid}`);
    parsed.push(principals.principals);
  }
  return { principals: parsed[0], notPrincipals: parsed[1] };
}

function parseConditions(
  raw: unknown,
  { where, version }: StatementPlace,
): { conditions: ConditionBlock } | { problem: PolicyProblem } {
  if (raw === undefined) return { conditions: {} };
  if (!isObject(raw)) return refuse(SYNTAX, `${where}.Condition is a JSON object`);
  const conditions: Record<string, Record<string, readonly string[]>> = {};
  for (const [operator, keys] of Object.entries(raw)) {
    if (!isObject(keys)) return refuse(SYNTAX, `${where}.Condition.${operator} is a JSON object`);
    const block: Record<string, readonly string[]> = {};
    for (const [key, values] of Object.entries(keys)) {
      const list = conditionValues(values);
      if (list === undefined) {
        return refuse(SYNTAX, `${where}.Condition.${operator}.${key} is a string, number, boolean or a list of them`);
      }
      if (!key.includes(':')) {
        const text = 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.';
        return refuse(text, `${where}.Condition.${operator} has the key "${key}"`);
      }
      block[key] = list;
    }
    conditions[operator] = block;
  }
  const compiled = compileConditions(conditions, version === '2012-10-17');
  if ('invalid' in compiled) return refuse(SYNTAX, `${where}.Condition: ${compiled.invalid}`);
  return { conditions };
}

function conditionValues(raw: unknown): readonly string[] | undefined {
  const list = Array.isArray(raw) ? (raw as unknown[]) : [raw];
  const values: string[] = [];
  for (const item of list) {
    if (typeof item !== 'string' && typeof item !== 'number' && typeof item !== 'boolean') return undefined;
    values.push(String(item));
  }
  return values;
}

function stringList(raw: unknown): readonly string[] | undefined {
  const list = Array.isArray(raw) ? (raw as unknown[]) : [raw];
  return list.length > 0 && list.every((item) => typeof item === 'string') ? (list as string[]) : undefined;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unknownElement(kind: PolicyKind, element: string): string {
  return kind === 'trust' ? `Unknown field ${element}` : SYNTAX;
}

function refuse(text: string, detail: string): { problem: PolicyProblem } {
  return { problem: { text, detail } };
}
