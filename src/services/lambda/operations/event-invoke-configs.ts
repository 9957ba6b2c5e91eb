// Put-, Update-, Get-, Delete- and ListFunctionEventInvokeConfig(s): retries, greatest age and destinations of asynchronous
// invocations.

import { operation } from '#cell/service-definition.ts';
import { type Arn, parseArn } from '#model/arn.ts';
import { type AwsError, isRefused, type Refused, refuse } from '#model/aws-error.ts';
import { Validation } from '#model/validation.ts';
import type {
  DeleteFunctionEventInvokeConfigInput,
  FunctionEventInvokeConfig,
  GetFunctionEventInvokeConfigInput,
  ListFunctionEventInvokeConfigsInput,
  ListFunctionEventInvokeConfigsOutput,
  PutFunctionEventInvokeConfigInput,
} from '#wire/generated/lambda.ts';
import { functionArn, LATEST } from '../arns.ts';
import { destinationDenial } from '../destination-permission.ts';
import type { InvokeConfigDoc } from '../documents.ts';
import {
  destinationInvalid,
  invalidParameter,
  invokeConfigNotFound,
  notAvailable,
  validationFailed,
} from '../errors.ts';
import { type FoundVersion, findFunction, findVersion, type LambdaTurn, permission } from '../find-function.ts';
import { EVENT_AGE_SECONDS, LIST_MAX, RETRY_ATTEMPTS } from '../limits.ts';
import { nextMarker, readMarker, readPageLength } from '../markers.ts';
import { type LambdaState, qualifiedKey } from '../state.ts';
import { showInvokeConfig } from '../views.ts';

interface Place {
  readonly found: FoundVersion;
  readonly qualifier: string;
  readonly key: string;
  readonly config: InvokeConfigDoc | undefined;
}

function placeOf(
  turn: LambdaTurn,
  input: { FunctionName?: string | undefined; Qualifier?: string | undefined },
): Place | Refused {
  const found = findVersion(turn, input.FunctionName, input.Qualifier);
  if (isRefused(found)) return found;
  const qualifier = found.reference.qualifier ?? LATEST;
  const key = qualifiedKey(found.key, qualifier);
  return { found, qualifier, key, config: turn.state.invokeConfigs.get(key) };
}

const missing = ({ found, qualifier }: Place) =>
  refuse(invokeConfigNotFound(functionArn(found.reference.scope, found.doc.name, qualifier)));

function write(turn: LambdaTurn, input: PutFunctionEventInvokeConfigInput, keepsOthers: boolean) {
  const place = placeOf(turn, input);
  if (isRefused(place)) return place;
  const { found, qualifier, key } = place;
  const problem = problemOf(input, found);
  if (problem !== undefined) return refuse(problem);
  if (keepsOthers && place.config === undefined) return missing(place);
  const { MaximumRetryAttempts, MaximumEventAgeInSeconds, DestinationConfig } = input;
  const before = keepsOthers ? place.config : undefined;
  const retryAttempts = MaximumRetryAttempts ?? before?.retryAttempts;
  const eventAgeSeconds = MaximumEventAgeInSeconds ?? before?.eventAgeSeconds;
  const onSuccessArn =
    DestinationConfig === undefined ? before?.onSuccessArn : DestinationConfig.OnSuccess?.Destination || undefined;
  const onFailureArn =
    DestinationConfig === undefined ? before?.onFailureArn : DestinationConfig.OnFailure?.Destination || undefined;
  const destinations = DestinationConfig === undefined ? [] : [onSuccessArn, onFailureArn];
  for (const arn of destinations) {
    const denial = destinationDenial(turn, found, arn);
    if (denial !== undefined) return refuse(denial);
  }
  const config: InvokeConfigDoc = {
    qualifier,
    ...(retryAttempts === undefined ? {} : { retryAttempts }),
    ...(eventAgeSeconds === undefined ? {} : { eventAgeSeconds }),
    ...(onSuccessArn === undefined ? {} : { onSuccessArn }),
    ...(onFailureArn === undefined ? {} : { onFailureArn }),
    lastModifiedMs: turn.nowMs,
  };
  turn.put(turn.state.invokeConfigs, key, config);
  return { output: showInvokeConfig(found.reference.scope, found.doc.name, config) };
}

function problemOf(input: PutFunctionEventInvokeConfigInput, found: FoundVersion): AwsError | undefined {
  const problem = new Validation()
    .range('maximumRetryAttempts', input.MaximumRetryAttempts, RETRY_ATTEMPTS)
    .range('maximumEventAgeInSeconds', input.MaximumEventAgeInSeconds, EVENT_AGE_SECONDS).text;
  if (problem !== undefined) return validationFailed(problem);
  const { MaximumRetryAttempts, MaximumEventAgeInSeconds, DestinationConfig: destinations } = input;
  if (MaximumRetryAttempts === undefined && MaximumEventAgeInSeconds === undefined && destinations === undefined) {
    return invalidParameter('You must specify at least one of error handling or destination setting.');
  }
  return (
    destinationProblem(destinations?.OnSuccess?.Destination, found, ['sqs', 'sns', 'lambda']) ??
    destinationProblem(destinations?.OnFailure?.Destination, found, ['sqs', 'sns', 'lambda', 's3'])
  );
}

/** AWS: developer guide, "Adding a destination": buckets take failures only. */
function destinationProblem(
  arn: string | undefined,
  found: FoundVersion,
  services: readonly string[],
): AwsError | undefined {
  if (arn === undefined || arn === '') return undefined;
  const parsed = parseArn(arn);
  if (parsed === undefined) return invalidParameter(`The destination ${arn} is not an ARN.`);
  if (parsed.service === 'lambda' && arn.startsWith(found.doc.arn)) {
    return invalidParameter("You can't specify the function as a destination for itself.");
  }
  // AWS: API reference, DestinationConfig: standard queues and topics.
  if (arn.endsWith('.fifo')) return destinationInvalid(arn);
  const isKnown = services.includes(parsed.service) || isBus(parsed);
  return isKnown ? undefined : notAvailable(`A destination of ${parsed.service}`);
}

function isBus({ service, resource }: Arn): boolean {
  return service === 'events' && resource.startsWith('event-bus/');
}

export const putFunctionEventInvokeConfig = operation<
  LambdaState,
  PutFunctionEventInvokeConfigInput,
  FunctionEventInvokeConfig
>({
  authorize: (turn, input) => permission(turn, 'PutFunctionEventInvokeConfig', input),
  decide: (turn, input) => write(turn, input, false),
});

export const updateFunctionEventInvokeConfig = operation<
  LambdaState,
  PutFunctionEventInvokeConfigInput,
  FunctionEventInvokeConfig
>({
  authorize: (turn, input) => permission(turn, 'UpdateFunctionEventInvokeConfig', input),
  decide: (turn, input) => write(turn, input, true),
});

export const getFunctionEventInvokeConfig = operation<
  LambdaState,
  GetFunctionEventInvokeConfigInput,
  FunctionEventInvokeConfig
>({
  authorize: (turn, input) => permission(turn, 'GetFunctionEventInvokeConfig', input),
  decide(turn, input) {
    const place = placeOf(turn, input);
    if (isRefused(place)) return place;
    if (place.config === undefined) return missing(place);
    return { output: showInvokeConfig(place.found.reference.scope, place.found.doc.name, place.config) };
  },
});

export const deleteFunctionEventInvokeConfig = operation<LambdaState, DeleteFunctionEventInvokeConfigInput, object>({
  authorize: (turn, input) => permission(turn, 'DeleteFunctionEventInvokeConfig', input),
  decide(turn, input) {
    const place = placeOf(turn, input);
    if (isRefused(place)) return place;
    if (place.config === undefined) return missing(place);
    turn.drop(turn.state.invokeConfigs, place.key);
    return { output: {} };
  },
});

export const listFunctionEventInvokeConfigs = operation<
  LambdaState,
  ListFunctionEventInvokeConfigsInput,
  ListFunctionEventInvokeConfigsOutput
>({
  authorize: (turn, input) => permission(turn, 'ListFunctionEventInvokeConfigs', { FunctionName: input.FunctionName }),
  decide(turn, input) {
    const limit = readPageLength(input.MaxItems, LIST_MAX);
    if (isRefused(limit)) return limit;
    const found = findFunction(turn, input.FunctionName);
    if (isRefused(found)) return found;
    const list = `invoke-configs/${found.key}`;
    const marker = readMarker(turn, list, input.Marker);
    if (isRefused(marker)) return marker;
    const page = turn.state.invokeConfigs.page({
      prefix: `${found.key}:`,
      limit: limit.length,
      ...(marker === undefined ? {} : { afterKey: marker }),
    });
    const { scope } = found.reference;
    const shown = page.items.map(({ doc }) => showInvokeConfig(scope, found.doc.name, doc));
    return { output: { FunctionEventInvokeConfigs: shown, ...nextMarker(turn, list, page.lastKey) } };
  },
});
