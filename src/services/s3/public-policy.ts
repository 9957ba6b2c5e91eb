// Whether a bucket policy is public. AWS, S3 user guide, "The meaning of 'public'": a policy is not public when each statement that allows names
// fixed principals, or has one of these conditions with fixed values.

import { compiledPolicy } from '#model/policy/compiled-policy.ts';
import type { PolicyStatement } from '#model/policy-document.ts';

const FIXED_KEYS = new Set([
  'aws:sourceip',
  'aws:sourcearn',
  'aws:sourceaccount',
  'aws:sourceowner',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:sourceorgid',
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:principalaccount',
  'aws:principalarn',
  'aws:userid',
  's3:dataaccesspointarn',
  's3:dataaccesspointaccount',
  's3:x-amz-server-side-encryption-aws-kms-key-id',
]);
const FIXING_OPERATORS = /^(?:forallvalues:|foranyvalue:)?(string|arn)(equals|like)(ignorecase)?$|^ipaddress$/;

export function isPublicPolicy(text: string): boolean {
  return compiledPolicy(text, 'resource').some(({ effect, source }) => effect === 'Allow' && isPublic(source));
}

function isPublic(statement: PolicyStatement): boolean {
  const isForEverybody = statement.principals?.isEverybody === true || statement.notPrincipals !== undefined;
  return isForEverybody && !isFixed(statement);
}

function isFixed({ conditions }: PolicyStatement): boolean {
  return Object.entries(conditions).some(
    ([operator, keys]) =>
      FIXING_OPERATORS.test(operator.toLowerCase()) &&
      Object.entries(keys).some(
        ([key, values]) => FIXED_KEYS.has(key.toLowerCase()) && values.every((value) => isFixedValue(key, value)),
      ),
  );
}

/** No wildcard and no policy variable; an address range of everybody fixes nothing. */
function isFixedValue(key: string, value: string): boolean {
  if (key.toLowerCase() === 'aws:sourceip') return !/^(0\.0\.0\.0\/[0-7]$|::\/)/.test(value);
  return key.toLowerCase().endsWith('arn') ? !value.startsWith('*') : !/[*?]|\$\{/.test(value);
}
