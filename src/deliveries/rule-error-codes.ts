// EventBridge's own codes in dead letters of rules. AWS: EventBridge user guide, "Using dead-letter queues to process undelivered events", lists them;
// which failure gets which is from captures of AWS's dead letters. A source's own code of that form stays.

const NO_PERMISSIONS = /AccessDenied|AuthorizationError/;
const NO_RESOURCE = /NonExistentQueue|NotFound|DoesNotExist|TargetNotAvailable/;
const INVALID_PARAMETER = /InvalidParameter|TargetNotSupported|Invalid[A-Z]/;
const THROTTLING = /Throttl|TooManyRequests|RequestLimit/;

export function ruleErrorCode(code: string): string {
  if (/^[A-Z]+(_[A-Z]+)+$/.test(code)) return code;
  if (NO_PERMISSIONS.test(code)) return 'NO_PERMISSIONS';
  if (NO_RESOURCE.test(code)) return 'NO_RESOURCE';
  if (INVALID_PARAMETER.test(code)) return 'INVALID_PARAMETER';
  if (THROTTLING.test(code)) return 'THROTTLING';
  return code === 'TIMEOUT' || code === 'UNKNOWN' ? code : 'ERROR_FROM_TARGET';
}
