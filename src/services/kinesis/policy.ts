// What a policy of a stream or a consumer says, beyond IAM's grammar: who may do which of Kinesis's actions with this very resource. Texts: answers
// of AWS as badmintoncryer/cdk-preflight (rules/kinesis) has them; of a wildcard only "cannot contain invalid actions" is known, of what is no
// policy nothing.

import type { AwsError } from '#model/aws-error.ts';
import { type PolicyProblem, type PolicyStatement, parsePolicyDocument } from '#model/policy-document.ts';
import { invalidArgument } from './errors.ts';

/** AWS: developer guide, "Sharing access using resource-based policies": 20 kB. */
const POLICY_BYTES_MAX = 20 * 1024;
const ACTION = /^kinesis:[A-Za-z]+$/i;

export function policyProblem(text: string, resourceArn: string): AwsError | undefined {
  if (text.length > POLICY_BYTES_MAX) {
    return invalidArgument(`The policy is longer than ${POLICY_BYTES_MAX} bytes.`);
  }
  const parsed = parsePolicyDocument(text, 'resource');
  if ('problem' in parsed) return notPolicy(parsed.problem);
  for (const statement of parsed.document.statements) {
    const problem = statementProblem(statement, resourceArn);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function notPolicy({ text, detail }: PolicyProblem): AwsError {
  const [, missing] = /^Statement\[\d+\] has no (\w+)$/.exec(detail) ?? [];
  return missing === undefined
    ? invalidArgument(`Invalid resource policy: ${text} ${detail}`)
    : invalidArgument(`Policy validation error: Missing required field ${missing}`);
}

function statementProblem(statement: PolicyStatement, resourceArn: string): AwsError | undefined {
  const { notPrincipals, actions = [], notActions, resources = [], notResources } = statement;
  const prohibited = Object.entries({ NotPrincipal: notPrincipals, NotAction: notActions, NotResource: notResources });
  const [name] = prohibited.find(([, given]) => given !== undefined) ?? [];
  if (name !== undefined) return invalidArgument(`Policy validation error: Has prohibited field ${name}`);
  if (actions.some((action) => action !== '*' && !/^kinesis:/i.test(action))) {
    return invalidArgument('Action field includes AWS services that are inconsistent with specified vendor');
  }
  if (!actions.every((action) => ACTION.test(action))) {
    return invalidArgument('The resource policy cannot contain invalid actions.');
  }
  return resources.every((resource) => resource === resourceArn)
    ? undefined
    : invalidArgument("The resource policy's resource must be the same as the resource ARN.");
}
