// A log group as a target of a rule: a template for it must be `{"timestamp": …, "message": …}`, which becomes the time and the text of one line.
// AWS: EventBridge user guide, "Input transform examples", "Amazon CloudWatch log group"; a string as timestamp is ISO 8601, a number milliseconds.

import type { TargetParameters } from '#cell/target.ts';
import { memberOf, membersOf, stringValue, valueAt } from '#structures/input-template/json-text.ts';

export function isLogGroup(arn: string | undefined): boolean {
  return arn?.split(':', 3)[2] === 'logs';
}

/** Whether a template (its placeholders replaced) has the one form that log groups take. */
export function hasLogEntryForm(text: string): boolean {
  const names = [...membersOf(text, valueAt(text, 0))].map(({ name }) => name);
  return names.length === 2 && names.includes('timestamp') && names.includes('message');
}

export function logEntryOf(
  text: string,
): { readonly text: string; readonly parameters: TargetParameters } | { readonly problem: string } {
  const entry = valueAt(text, 0);
  const timestamp = memberText(text, memberOf(text, entry, 'timestamp'));
  const message = memberText(text, memberOf(text, entry, 'message'));
  if (timestamp === undefined || message === undefined) {
    return { problem: 'the input template of a log group must give a timestamp and a message' };
  }
  const timestampMs = /^\d{1,16}$/.test(timestamp) ? Number(timestamp) : Date.parse(timestamp);
  if (!Number.isSafeInteger(timestampMs)) {
    return { problem: `the input template of a log group gave "${timestamp.slice(0, 64)}" as timestamp` };
  }
  return { text: message, parameters: { logs: { timestampMs } } };
}

function memberText(text: string, span: { start: number; end: number } | undefined): string | undefined {
  if (span === undefined) return undefined;
  const json = text.slice(span.start, span.end);
  return json.startsWith('"') ? stringValue(json) : json;
}
