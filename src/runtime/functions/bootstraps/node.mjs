// Runs a Node handler: asks the Lambda Runtime API for the next invocation, calls the handler, posts what it returned.
// One process serves one execution environment, one invocation at a time. CommonJS and ES modules, async and callback.
//
// Output: a record that spans lines must arrive as one log event, so records of this file start with RECORD and carry
// NEWLINE instead of line feeds; what the handler writes to process.stdout goes out as it is.

import { existsSync, readFileSync, statSync, writeSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { createRequire } from 'node:module';
import { Socket } from 'node:net';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format, types } from 'node:util';

const RECORD = '\x1e';
const NEWLINE = '\x1f';
const LIFELINE_FD = 3;
const { env } = process;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const [host, port] = env.AWS_LAMBDA_RUNTIME_API.split(':');
let requestId;

/** Writes synchronously: what was logged before a crash must not be lost in a buffer. */
function writeOut(text) {
  const bytes = Buffer.from(text);
  let at = 0;
  while (at < bytes.length) {
    try {
      at += writeSync(1, bytes, at);
    } catch (error) {
      // The server has gone. Throwing would be logged, which would throw again, for ever.
      if (error.code === 'EPIPE') process.exit(0);
      if (error.code !== 'EAGAIN') throw error;
    }
  }
}

function writeRecord(level, parts) {
  const text = `${new Date().toISOString()}\t${requestId}\t${level}\t${format(...parts)}`;
  writeOut(`${RECORD}${text.replaceAll('\n', NEWLINE)}\n`);
}

function patchConsole() {
  const levels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
  const least = Math.max(0, levels.indexOf((env.AWS_LAMBDA_LOG_LEVEL ?? 'TRACE').toUpperCase()));
  levels.forEach((level, rank) => {
    console[level.toLowerCase()] = rank < least ? () => {} : (...parts) => writeRecord(level, parts);
  });
  console.log = console.info;
}

function call(method, path, body, headers = {}) {
  return new Promise((done, failed) => {
    const options = { host, port, method, agent, path: `/2018-06-01/runtime${path}`, headers: { ...headers } };
    if (body !== undefined) options.headers['Content-Length'] = Buffer.byteLength(body);
    const outgoing = request(options, (incoming) => {
      const pieces = [];
      incoming.on('data', (piece) => pieces.push(piece));
      incoming.on('end', () => done({ headers: incoming.headers, body: Buffer.concat(pieces) }));
      incoming.on('error', failed);
    });
    outgoing.on('error', failed);
    outgoing.end(body);
  });
}

function fault(name, message) {
  const error = new Error(message);
  error.name = `Runtime.${name}`;
  return error;
}

function describeError(error) {
  try {
    if (types.isNativeError(error) || (error?.name && error.message && error.stack)) {
      return { errorType: error.name, errorMessage: error.message, trace: String(error.stack).split('\n') };
    }
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  } catch {
    const text = 'there was a problem while retrieving one or more of its message, name, and stack';
    return { errorType: 'handled', errorMessage: `callback called with Error argument, but ${text}` };
  }
}

function withEnumerable(error) {
  if (!(error instanceof Error)) return error;
  const shown = { errorType: error.name, errorMessage: error.message, code: error.code, ...error };
  if (typeof error.stack === 'string') shown.stack = error.stack.split('\n');
  return shown;
}

function logError(title, error) {
  const wrapped = error instanceof Error ? error : new Error(error);
  let text;
  try {
    text = JSON.stringify(wrapped, (_key, value) => withEnumerable(value));
  } catch {
    text = JSON.stringify(describeError(wrapped));
  }
  console.error(title, `\t${text}`);
}

function postError(path, error) {
  const document = describeError(error);
  const errorType = document.errorType.replace(/[^\x20-\x7e]/g, '?');
  const headers = { 'Content-Type': 'application/json', 'Lambda-Runtime-Function-Error-Type': errorType };
  return call('POST', path, JSON.stringify(document), headers);
}

// ---- the handler

function isModulePackage(folder) {
  if (basename(folder) === 'node_modules') return false;
  const file = join(folder, 'package.json');
  if (existsSync(file)) {
    try {
      return JSON.parse(readFileSync(file, 'utf8')).type === 'module';
    } catch {
      return false;
    }
  }
  const parent = dirname(folder);
  return parent !== folder && isModulePackage(parent);
}

async function loadModule(root, folder, name) {
  const path = resolve(root, folder, name);
  const load = createRequire(join(root, 'package.json'));
  if (statSync(path, { throwIfNoEntry: false })?.isFile()) return load(path);
  const isModule = isModulePackage(dirname(path));
  if (existsSync(`${path}.js`)) return isModule ? import(pathToFileURL(`${path}.js`).href) : load(`${path}.js`);
  if (existsSync(`${path}.mjs`)) return import(pathToFileURL(`${path}.mjs`).href);
  if (existsSync(`${path}.cjs`)) return load(`${path}.cjs`);
  return load(load.resolve(name, { paths: [root, resolve(root, folder)] }));
}

async function loadHandler(root, handler) {
  if (handler.includes('..')) {
    const advice = 'Use absolute paths when specifying root directories in handler names.';
    throw fault('MalformedHandlerName', `'${handler}' is not a valid handler name. ${advice}`);
  }
  const last = basename(handler);
  const folder = handler.slice(0, handler.indexOf(last));
  const dot = last.indexOf('.');
  if (dot < 0) throw fault('MalformedHandlerName', 'Bad handler');
  let loaded;
  try {
    loaded = await loadModule(root, folder, last.slice(0, dot));
  } catch (error) {
    if (error instanceof SyntaxError) throw fault('UserCodeSyntaxError', String(error));
    if (error?.code === 'MODULE_NOT_FOUND') throw fault('ImportModuleError', String(error));
    throw error;
  }
  const found = last
    .slice(dot + 1)
    .split('.')
    .reduce((value, key) => value?.[key], loaded);
  if (!found) throw fault('HandlerNotFound', `${handler} is undefined or not exported`);
  if (typeof found !== 'function') throw fault('HandlerNotFound', `${handler} is not a function`);
  return found;
}

// ---- one invocation

function contextOf(headers, extra) {
  const deadlineMs = Number(headers['lambda-runtime-deadline-ms']);
  const clientContext = headers['lambda-runtime-client-context'];
  const identity = headers['lambda-runtime-cognito-identity'];
  return Object.defineProperties(
    {
      functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
      functionName: env.AWS_LAMBDA_FUNCTION_NAME,
      memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
      logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
      logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
      clientContext: clientContext ? JSON.parse(clientContext) : undefined,
      identity: identity ? JSON.parse(identity) : undefined,
      invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
      awsRequestId: headers['lambda-runtime-aws-request-id'],
      getRemainingTimeInMillis: () => deadlineMs - Date.now(),
    },
    Object.getOwnPropertyDescriptors(extra),
  );
}

/** Called once when nothing is left to do in the event loop. */
let whenIdle;
process.on('beforeExit', () => {
  const idle = whenIdle;
  whenIdle = undefined;
  idle?.();
});

function encodeResult(result) {
  try {
    return JSON.stringify(result === undefined ? null : result) ?? 'null';
  } catch (error) {
    throw fault('MarshalError', `Unable to stringify response body as json: ${error.message}`);
  }
}

/** The ways in which a handler may finish; only the first one counts. */
function completions(path, finished) {
  let isDone = false;
  let waitsForEmptyEventLoop = true;
  const post = (error, result) => {
    whenIdle = undefined;
    const send = async () => {
      if (error === undefined || error === null) {
        const body = encodeResult(result);
        return call('POST', `${path}response`, body, { 'Content-Type': 'application/json' });
      }
      logError('Invoke Error', error);
      return postError(`${path}error`, error);
    };
    send()
      .catch((problem) => postError(`${path}error`, problem))
      .then(finished, finished);
  };
  const once = (act) => (error, result) => {
    if (isDone) return;
    isDone = true;
    act(error, result);
  };
  const done = once(post);
  const callback = once((error, result) => {
    if ((error === undefined || error === null) && waitsForEmptyEventLoop) whenIdle = () => post(null, result);
    else post(error, result);
  });
  const context = {
    get callbackWaitsForEmptyEventLoop() {
      return waitsForEmptyEventLoop;
    },
    set callbackWaitsForEmptyEventLoop(value) {
      waitsForEmptyEventLoop = value;
    },
    succeed: (result) => done(null, result),
    fail: (error) => done(error ?? 'handled'),
    done,
  };
  return { callback, context };
}

const NEVER_SETTLED =
  'The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that ' +
  'was never settled. For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes';

async function serve(handler) {
  const { headers, body } = await call('GET', '/invocation/next');
  requestId = headers['lambda-runtime-aws-request-id'];
  if (headers['lambda-runtime-trace-id']) env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'];
  else delete env._X_AMZN_TRACE_ID;
  const path = `/invocation/${requestId}/`;
  await new Promise((finished) => {
    const { callback, context } = completions(path, finished);
    const isAsync = handler.constructor.name === 'AsyncFunction';
    whenIdle = () => (isAsync ? context.fail(fault('NodeJsExit', NEVER_SETTLED)) : context.succeed(null));
    try {
      const returned = handler(JSON.parse(body.toString()), contextOf(headers, context), callback);
      if (typeof returned?.then === 'function') returned.then(context.succeed, context.fail);
    } catch (error) {
      callback(error);
    }
  });
}

function endOn(kind, exitCode, convert) {
  process.on(kind, async (problem) => {
    const error = convert(problem);
    logError(kind === 'uncaughtException' ? 'Uncaught Exception' : 'Unhandled Promise Rejection', error);
    const path = requestId === undefined ? '/init/error' : `/invocation/${requestId}/error`;
    await postError(path, error).catch(() => {});
    process.exit(exitCode);
  });
}

/** The server holds the other end of this pipe; when it is gone, nobody will ask for the answer. */
function endWithParent() {
  const lifeline = new Socket({ fd: LIFELINE_FD });
  lifeline.on('error', () => process.exit(0));
  lifeline.on('close', () => process.exit(0));
  lifeline.resume();
  lifeline.unref();
}

endWithParent();
patchConsole();
endOn('uncaughtException', 129, (error) => error);
endOn('unhandledRejection', 128, (reason) => {
  const error = fault('UnhandledPromiseRejection', String(reason));
  error.reason = reason;
  return error;
});
let handler;
try {
  handler = await loadHandler(env.LAMBDA_TASK_ROOT, env._HANDLER);
} catch (error) {
  logError('Uncaught Exception', error);
  await postError('/init/error', error);
  process.exit(1);
}
for (;;) await serve(handler);
