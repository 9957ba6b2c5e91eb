// A function that writes how long ago what it was given began: from the client's clock to the handler's, on one machine.

import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateRoleCommand } from '@aws-sdk/client-iam';
import { CreateFunctionCommand } from '@aws-sdk/client-lambda';
import { strToU8, zipSync } from 'fflate';
import { clients } from './clients.ts';
import type { Running } from './processes.ts';

export const RUNS = 200;
const WARM_UP_RUNS = 10;
const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

/** Milliseconds since the epoch with fractions, as text. */
export const now = (): string => String(performance.timeOrigin + performance.now());

/** `starts`: an expression that gives the texts of {@link now} in `event`. Returns the function's ARN. */
export async function makeTimedFunction(eddy: Running, starts: string): Promise<string> {
  const { Role } = await clients
    .iam(eddy)
    .send(new CreateRoleCommand({ RoleName: 'bench', AssumeRolePolicyDocument: TRUST }));
  const handler = `exports.handler = async (event) => {
  const now = performance.timeOrigin + performance.now();
  for (const start of ${starts}) console.log('took ' + (now - Number(start)).toFixed(3));
};`;
  const { FunctionArn = '' } = await clients.lambda(eddy).send(
    new CreateFunctionCommand({
      FunctionName: 'took',
      Runtime: 'nodejs20.x',
      Handler: 'index.handler',
      Role: Role?.Arn,
      Code: { ZipFile: zipSync({ 'index.js': strToU8(handler) }) },
    }),
  );
  return FunctionArn;
}

/** Starts it again and again, one at a time, and reads the times that the function wrote. */
export async function timesOf(eddy: Running, start: () => Promise<unknown>): Promise<readonly number[]> {
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  for (let i = 0; i < WARM_UP_RUNS; i += 1) {
    await start();
    await pause(100);
  }
  await pause(1000);
  for (let i = 0; i < RUNS; i += 1) {
    await start();
    await pause(20);
  }
  await pause(1000);
  const took: number[] = [];
  let nextToken: string | undefined;
  do {
    const question = new FilterLogEventsCommand({ logGroupName: '/aws/lambda/took', nextToken });
    const page = await clients.logs(eddy).send(question);
    for (const { message = '' } of page.events ?? []) {
      const ms = /took ([\d.]+)/.exec(message)?.[1];
      if (ms !== undefined) took.push(Number(ms));
    }
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return took;
}
