// The resource policy of a bus: PutPermission writes single statements for accounts, or the whole document.

import { utf8Length } from '#base/bytes.ts';
import { type AwsError, clientError, type Refused, refuse } from '#model/aws-error.ts';
import { parsePolicyDocument } from '#model/policy-document.ts';
import { partitionOf } from '#model/scope.ts';
import type { PutPermissionInput } from '#wire/generated/events.ts';
import { validation } from '../errors.ts';
import { POLICY_BYTES_MAX } from '../limits.ts';
import type { BusDoc } from './documents.ts';

/** AWS: API reference, PutPermission: the one action that a statement for an account can have. */
const ACTION = 'events:PutEvents';

export interface Statement {
  readonly Sid?: string;
}

/** The policy with the input's statement added, or instead of the one of the same name. The input satisfies its constraints. */
export function withStatement(bus: BusDoc, input: PutPermissionInput): string | Refused {
  const { Action, Principal, StatementId, Condition } = input;
  if (Action === undefined || Principal === undefined || StatementId === undefined) {
    return refuse(validation('Parameter(s) Action, Principal and StatementId, or Policy must be specified.'));
  }
  // AWS: recorded in moto's tests.
  if (Action !== ACTION) return refuse(validation("Provided value in parameter 'action' is not supported."));
  if (Condition !== undefined && Principal !== '*') {
    return refuse(validation('Condition can be specified only with the principal "*".'));
  }
  const statement = {
    Sid: StatementId,
    Effect: 'Allow',
    Principal: Principal === '*' ? '*' : { AWS: `arn:${partitionOf(bus.region)}:iam::${Principal}:root` },
    Action,
    Resource: bus.arn,
    ...(Condition === undefined
      ? {}
      : { Condition: { [Condition.Type ?? '']: { [Condition.Key ?? '']: Condition.Value } } }),
  };
  const others = statementsOf(bus.policy).filter(({ Sid }) => Sid !== StatementId);
  return fitting(JSON.stringify({ Version: '2012-10-17', Statement: [...others, statement] }));
}

/** A whole policy as it is kept: checked, and without the spaces. */
export function wholePolicy(bus: BusDoc, text: string): string | Refused {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return refuse(validation('This policy contains invalid Json'));
  }
  const parsed = parsePolicyDocument(text, 'resource');
  if ('problem' in parsed) return refuse(validation(`${parsed.problem.text} (${parsed.problem.detail})`));
  const foreign = parsed.document.statements.flatMap(({ resources = [] }) => resources).find(isOtherBusThan(bus));
  return foreign === undefined ? fitting(JSON.stringify(json)) : refuse(otherBus(foreign));
}

const BUS = ':event-bus/';

/** Whether a resource is a single bus, and another one; what has a wildcard may mean this one, too. */
function isOtherBusThan(bus: BusDoc): (resource: string) => boolean {
  return (resource) => {
    const at = resource.lastIndexOf(BUS);
    return at >= 0 && !/[*?$]/.test(resource.slice(at)) && resource !== bus.arn;
  };
}

/** AWS: replies of PutPermission for policies of a custom bus that were put on the default one (terraform-provider-aws, issue 27976). */
function otherBus(arn: string): AwsError {
  const relativeId = arn.slice(arn.indexOf('event-bus/'));
  return validation(`The relative-id "${relativeId}" is invalid for ARN "${arn}"`);
}

export function statementsOf(policy: string | undefined): readonly Statement[] {
  if (policy === undefined) return [];
  const { Statement: kept } = JSON.parse(policy) as { readonly Statement: Statement | readonly Statement[] };
  return Array.isArray(kept) ? (kept as readonly Statement[]) : [kept as Statement];
}

/** The policy without a statement; undefined when none is left. */
export function withoutStatement(policy: string, statementId: string): string | undefined {
  const left = statementsOf(policy).filter(({ Sid }) => Sid !== statementId);
  return left.length === 0 ? undefined : JSON.stringify({ ...JSON.parse(policy), Statement: left });
}

function fitting(policy: string): string | Refused {
  return utf8Length(policy) <= POLICY_BYTES_MAX ? policy : refuse(policyTooLong());
}

/** The text is ours: AWS's is not published. */
function policyTooLong(): AwsError {
  const text = `The policy of an event bus cannot be longer than ${POLICY_BYTES_MAX} bytes.`;
  return clientError('PolicyLengthExceededException', text);
}
