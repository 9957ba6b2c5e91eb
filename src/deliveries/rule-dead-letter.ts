// What is special about dead letters of EventBridge's rules (their attributes name the rule): who sends them, and EventBridge's own codes. AWS:
// EventBridge user guide, "Using dead-letter queues to process undelivered events": the queue's policy lets events.amazonaws.com in, for the rule,
// also where the target has a role; and the list of codes. Which failure gets which is from captures of AWS's dead letters. A source's own code of
// that form stays.

import { parseArn } from '#model/arn.ts';
import type { Principal } from '#model/principal.ts';

const NO_PERMISSIONS = /AccessDenied|AuthorizationError/;
const NO_RESOURCE = /NonExistentQueue|NotFound|DoesNotExist|TargetNotAvailable/;
const INVALID_PARAMETER = /InvalidParameter|TargetNotSupported|Invalid[A-Z]/;
const THROTTLING = /Throttl|TooManyRequests|RequestLimit|ThroughputExceeded/;

export function ruleErrorCode(code: string): string {
  if (/^[A-Z]+(_[A-Z]+)+$/.test(code)) return code;
  if (NO_PERMISSIONS.test(code)) return 'NO_PERMISSIONS';
  if (NO_RESOURCE.test(code)) return 'NO_RESOURCE';
  if (INVALID_PARAMETER.test(code)) return 'INVALID_PARAMETER';
  if (THROTTLING.test(code)) return 'THROTTLING';
  return code === 'TIMEOUT' || code === 'UNKNOWN' ? code : 'ERROR_FROM_TARGET';
}

export function rulePrincipal(ruleArn: string): Principal {
  const account = parseArn(ruleArn)?.account ?? '';
  return { kind: 'service', service: 'events.amazonaws.com', sourceArn: ruleArn, account };
}
