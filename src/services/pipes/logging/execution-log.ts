// The log of one execution: a record for each step that the pipe's level includes, written to its destinations when the execution pauses or ends. AWS: user guide,
// "EventBridge Pipes log schema reference"; the members' order and `exceptionType` and `resourceArn` of errors as in records quoted in public issues.

import { utf8Length } from '#base/bytes.ts';
import type { Turn } from '#cell/turn.ts';
import { parseArn } from '#model/arn.ts';
import { scopeOf } from '#model/scope.ts';
import type { PipeDoc } from '../documents.ts';
import { LOG_RECORD_BYTES_MAX } from '../limits.ts';
import { deliveriesOf, hasDestination } from './destinations.ts';
import { isLogged, levelOf, type Step } from './steps.ts';

/** Only shown when the pipe's log includes execution data. In the order in which they are cut. */
export interface ExecutionData {
  readonly payload?: string;
  readonly awsRequest?: string;
  readonly awsResponse?: string;
}

export interface LoggedError {
  /** ARN of the enrichment or target. */
  readonly arn: string;
  readonly stage: 'Enrichment' | 'Target';
  readonly code: string;
  readonly detail: string;
}

const DATA_FIELDS = ['payload', 'awsRequest', 'awsResponse'] as const;

export class ExecutionLog {
  private readonly lines: { timestampMs: number; message: string }[] = [];

  constructor(
    private readonly pipe: PipeDoc,
    private readonly executionId: string,
  ) {}

  /** `data` is asked only when it is shown. */
  add(
    { nowMs }: { readonly nowMs: number },
    step: Step,
    more: { readonly data?: () => ExecutionData; readonly error?: LoggedError | undefined } = {},
  ): void {
    const { log, arn } = this.pipe;
    if (log === undefined || !hasDestination(log) || !isLogged(step, log.level)) return;
    const record = {
      resourceArn: arn,
      timestamp: nowMs,
      executionId: this.executionId,
      messageType: step,
      logLevel: levelOf(step),
      ...(log.includesExecutionData === true ? more.data?.() : undefined),
      ...(more.error === undefined ? {} : { error: errorOf(more.error) }),
    };
    this.lines.push({ timestampMs: nowMs, message: fitted(record) });
  }

  write(turn: Turn): void {
    if (this.lines.length === 0) return;
    const events = this.lines.splice(0);
    const { logs } = turn.doors;
    const group = groupOf(this.pipe.log?.groupArn);
    // AWS does not document the stream's name.
    if (group !== undefined) logs?.append(turn, { ...group, stream: `pipes/${this.pipe.name}`, events });
    const texts = events.map(({ message }) => message);
    for (const delivery of deliveriesOf(this.pipe)) logs?.deliver(turn, delivery, texts);
  }
}

function groupOf(arnText: string | undefined) {
  const arn = arnText === undefined ? undefined : parseArn(arnText);
  if (arn === undefined) return undefined;
  const group = arn.resource.replace(/^log-group:/, '').replace(/:\*$/, '');
  return { scope: scopeOf(arn.account, arn.region), group };
}

function errorOf({ arn, stage, code, detail }: LoggedError) {
  const service = parseArn(arn)?.service ?? '';
  const [, httpStatus] = /\bHTTP status ([1-5]\d\d)\b/.exec(detail) ?? [];
  return {
    ...(httpStatus === undefined ? {} : { httpStatusCode: Number(httpStatus) }),
    message: `${stage} invocation failed with error from ${service}. ${detail}`,
    awsService: service,
    exceptionType: code,
    resourceArn: arn,
  };
}

/** AWS: "Truncating execution data": a field is cut entirely before the next one is touched. */
function fitted(record: Readonly<Record<string, unknown>>): string {
  let text = JSON.stringify(record);
  let shown = record;
  const truncatedFields: string[] = [];
  for (const field of DATA_FIELDS) {
    const value = shown[field];
    if (typeof value !== 'string' || utf8Length(text) <= LOG_RECORD_BYTES_MAX) continue;
    truncatedFields.push(field);
    shown = { ...shown, truncatedFields: [...truncatedFields] };
    const over = utf8Length(JSON.stringify(shown)) - LOG_RECORD_BYTES_MAX;
    // Every character has at least one byte.
    shown = { ...shown, [field]: value.slice(0, Math.max(0, value.length - over)) };
    text = JSON.stringify(shown);
  }
  return text;
}
