// Lambda: what belongs to what.

import { bind, defineService } from '#cell/service-definition.ts';
import { AGE_TIMER, factBindings, mappingsBinding, POLL_TIMER, RETRY_TIMER, WINDOW_TIMER } from './apply.ts';
import { ageReached, retryDue } from './asynchronous/attempt-ended.ts';
import { eventRead, RECORD_STORED, recordStored } from './asynchronous/report.ts';
import { functionCallable } from './callable.ts';
import { FUNCTION_WROTE_LINES } from './invocation.ts';
import { invocationEnded } from './invoking/ended.ts';
import { functionWroteLines } from './invoking/wrote-lines.ts';
import * as defaults from './operations/account-and-defaults.ts';
import * as aliases from './operations/aliases.ts';
import * as concurrency from './operations/concurrency.ts';
import { createFunction } from './operations/create-function.ts';
import { deleteFunction } from './operations/delete-function.ts';
import * as invokeConfigs from './operations/event-invoke-configs.ts';
import * as mappings from './operations/event-source-mappings.ts';
import { getFunction, getFunctionConfiguration, listFunctions } from './operations/get-function.ts';
import { invoke } from './operations/invoke.ts';
import { addPermission, getPolicy, removePermission } from './operations/permissions.ts';
import { listTags, tagResource, untagResource } from './operations/tags.ts';
import { updateFunctionCode, updateFunctionConfiguration } from './operations/update-function.ts';
import { listVersionsByFunction, publishVersion } from './operations/versions.ts';
import { batchRead } from './polling/batch-read.ts';
import { poll, windowOver } from './polling/poll.ts';
import { resume } from './resume.ts';
import { readSnapshot, writeSnapshot } from './snapshot.ts';
import { LambdaState } from './state.ts';
import { STREAM_TIMER } from './streams/apply.ts';
import { DISCARD_STORED, discardStored } from './streams/discard-stored.ts';
import { pollStream } from './streams/poll.ts';
import { functionStreamReader } from './streams/records-read.ts';
import { functionTarget } from './target.ts';

export const lambda = defineService<LambdaState>({
  name: 'lambda',
  createState: () => new LambdaState(),
  tables: (state) => [
    bind(state.functions),
    bind(state.versions),
    bind(state.aliases),
    bind(state.policies),
    bind(state.invokeConfigs),
    mappingsBinding(state),
  ],
  facts: factBindings,
  operations: {
    AddPermission: addPermission,
    CreateAlias: aliases.createAlias,
    CreateEventSourceMapping: mappings.createEventSourceMapping,
    CreateFunction: createFunction,
    // Not in AWS's API: the runtime's way to hand over lines of an invocation that still runs.
    [FUNCTION_WROTE_LINES]: functionWroteLines,
    DeleteAlias: aliases.deleteAlias,
    DeleteEventSourceMapping: mappings.deleteEventSourceMapping,
    DeleteFunction: deleteFunction,
    DeleteFunctionConcurrency: concurrency.deleteFunctionConcurrency,
    DeleteFunctionEventInvokeConfig: invokeConfigs.deleteFunctionEventInvokeConfig,
    GetAccountSettings: defaults.getAccountSettings,
    GetAlias: aliases.getAlias,
    GetEventSourceMapping: mappings.getEventSourceMapping,
    GetFunction: getFunction,
    GetFunctionCodeSigningConfig: defaults.getFunctionCodeSigningConfig,
    GetFunctionConcurrency: concurrency.getFunctionConcurrency,
    GetFunctionConfiguration: getFunctionConfiguration,
    GetFunctionEventInvokeConfig: invokeConfigs.getFunctionEventInvokeConfig,
    GetFunctionRecursionConfig: defaults.getFunctionRecursionConfig,
    GetPolicy: getPolicy,
    GetRuntimeManagementConfig: defaults.getRuntimeManagementConfig,
    Invoke: invoke,
    ListAliases: aliases.listAliases,
    ListEventSourceMappings: mappings.listEventSourceMappings,
    ListFunctionEventInvokeConfigs: invokeConfigs.listFunctionEventInvokeConfigs,
    ListFunctions: listFunctions,
    ListTags: listTags,
    ListVersionsByFunction: listVersionsByFunction,
    PublishVersion: publishVersion,
    PutFunctionConcurrency: concurrency.putFunctionConcurrency,
    PutFunctionEventInvokeConfig: invokeConfigs.putFunctionEventInvokeConfig,
    PutFunctionRecursionConfig: defaults.putFunctionRecursionConfig,
    RemovePermission: removePermission,
    TagResource: tagResource,
    UntagResource: untagResource,
    UpdateAlias: aliases.updateAlias,
    UpdateEventSourceMapping: mappings.updateEventSourceMapping,
    UpdateFunctionCode: updateFunctionCode,
    UpdateFunctionConfiguration: updateFunctionConfiguration,
    UpdateFunctionEventInvokeConfig: invokeConfigs.updateFunctionEventInvokeConfig,
  },
  timers: {
    [RETRY_TIMER]: retryDue,
    [AGE_TIMER]: ageReached,
    [POLL_TIMER]: poll,
    [WINDOW_TIMER]: windowOver,
    [STREAM_TIMER]: pollStream,
  },
  reactions: {
    'invocation-ended': invocationEnded,
    'batch-read': batchRead,
    'event-read': eventRead,
    [RECORD_STORED]: recordStored,
    [DISCARD_STORED]: discardStored,
    // Packages and environments were tidied up; what could not be is tried again at the next start.
    tidied: () => {},
  },
  snapshot: { write: writeSnapshot, read: readSnapshot },
  resume,
  doors: () => ({ target: functionTarget, callable: functionCallable, streamReader: functionStreamReader }),
});
