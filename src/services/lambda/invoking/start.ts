// Starting one invocation: which version, with which credentials, as an effect whose outcome comes back as `invocation-ended`.

import type { PayloadId } from '#cell/payloads.ts';
import type { Turn } from '#cell/turn.ts';
import { LATEST } from '../arns.ts';
import { type FoundVersion, settingsOf } from '../find-function.ts';
import { INVOKE_FUNCTION, type InvocationRequest } from '../invocation.ts';
import type { LambdaState, RunningInvocation } from '../state.ts';
import { logGroupOf } from '../views.ts';
import { countRunning } from './capacity.ts';
import { credentialsOf } from './credentials.ts';

export type Purpose = RunningInvocation extends infer R
  ? R extends RunningInvocation
    ? Omit<R, 'functionKey' | 'version' | 'logGroup' | 'scope' | 'requestId'>
    : never
  : never;

export interface StartRequest {
  readonly found: FoundVersion;
  readonly requestId: string;
  /** ARN as the caller named it. */
  readonly invokedArn: string;
  readonly event: { readonly bytes: Uint8Array } | { readonly payload: PayloadId };
  readonly purpose: Purpose;
  readonly traceId?: string | undefined;
  readonly clientContext?: string | undefined;
}

export function startInvocation(turn: Turn<LambdaState>, request: StartRequest): void {
  const { found, requestId, event } = request;
  const { running } = turn.state;
  const version = chooseVersion(turn, found);
  const settings = version === found.version ? found.settings : settingsOf(turn.state, found, version);
  const { scope } = found.reference;
  const own = turn.within(scope, turn.principal) as Turn<LambdaState>;
  const credentials = credentialsOf(own, settings.role, found.doc.name);
  const logGroup = logGroupOf(found.doc, settings);
  const id = String(running.nextId);
  running.nextId += 1;
  const about = { functionKey: found.key, version, logGroup, scope, requestId };
  running.invocations.set(id, { ...about, ...request.purpose } as RunningInvocation);
  countRunning(turn.state, found.key, 1);
  const input: InvocationRequest = {
    functionKey: `${found.doc.arn}:${version}`,
    revision: `${settings.revisionId}/${credentials.accessKeyId}`,
    code: settings.code.blob,
    config: {
      functionName: found.doc.name,
      version,
      runtime: settings.runtime,
      handler: settings.handler,
      memoryMb: settings.memoryMb,
      timeoutSeconds: settings.timeoutSeconds,
      environment: settings.environment ?? {},
      region: scope.region,
      logGroup,
      credentials,
      endpointUrl: turn.advertisedUrl,
    },
    payload: 'bytes' in event ? event.bytes : undefined,
    requestId,
    invokedArn: request.invokedArn,
    ...(request.traceId === undefined ? {} : { traceId: request.traceId }),
    ...(request.clientContext === undefined ? {} : { clientContext: request.clientContext }),
  };
  turn.perform({
    performer: INVOKE_FUNCTION,
    input,
    ...('payload' in event ? { payloads: [event.payload] } : {}),
    then: { reaction: 'invocation-ended', subject: id },
  });
}

const chance = new Uint8Array(4);

/** AWS: an alias with routing sends the share that the weight says to its second version. */
function chooseVersion(turn: Turn<LambdaState>, { alias, version }: FoundVersion): string {
  const [other] = Object.entries(alias?.weights ?? {});
  if (other === undefined || version === LATEST) return version;
  turn.entropy.fill(chance);
  const drawn = new DataView(chance.buffer).getUint32(0) / 2 ** 32;
  return drawn < other[1] ? other[0] : version;
}
