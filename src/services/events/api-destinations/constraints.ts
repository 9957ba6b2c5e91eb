// AWS's front-end validation of API destinations. Source: API reference; the order of methods as recorded.

import type { AwsError } from '#model/aws-error.ts';
import { Validation } from '#model/validation.ts';
import type { CreateApiDestinationInput, UpdateApiDestinationInput } from '#wire/generated/events.ts';
import { ENDPOINT_FORM, isEndpointUrl, NAME_FORM } from '../connections/http-values.ts';
import { endpointInvalid, rateTooHigh, type Verb } from './errors.ts';
import { DESCRIPTION_LENGTH_MAX, ENDPOINT_LENGTH_MAX, NAME_LENGTH_MAX, RATE_MAX } from './limits.ts';

const METHODS = ['HEAD', 'POST', 'PATCH', 'DELETE', 'PUT', 'GET', 'OPTIONS'];
const ARN_LENGTH_MAX = 1600;

const CONNECTION_ARN = {
  test: /^arn:aws[a-z-]*:events:[a-z\d-]*:(?:[0-9]{12})?:connection\/[.\-_A-Za-z0-9]+\/[-A-Za-z0-9]+$/,
  shown:
    '^arn:aws([a-z]|\\-)*:events:([a-z]|\\d|\\-)*:([0-9]{12})?:connection\\/[\\.\\-_A-Za-z0-9]+\\/[\\-A-Za-z0-9]+$',
};

export function nameConstraints(name: string | undefined): Validation {
  return new Validation()
    .required('name', name)
    .length('name', name, { min: 1, max: NAME_LENGTH_MAX })
    .pattern('name', name, NAME_FORM);
}

export function connectionArnConstraints(checked: Validation, arn: string | undefined): Validation {
  return checked
    .length('connectionArn', arn, { min: 1, max: ARN_LENGTH_MAX })
    .pattern('connectionArn', arn, CONNECTION_ARN);
}

export function createConstraints(input: CreateApiDestinationInput): string | undefined {
  const checked = nameConstraints(input.Name)
    .required('connectionArn', input.ConnectionArn)
    .required('invocationEndpoint', input.InvocationEndpoint)
    .required('httpMethod', input.HttpMethod);
  return memberConstraints(checked, input).text;
}

export function updateConstraints(input: UpdateApiDestinationInput): string | undefined {
  return memberConstraints(nameConstraints(input.Name), input).text;
}

function memberConstraints(checked: Validation, input: UpdateApiDestinationInput): Validation {
  return connectionArnConstraints(checked, input.ConnectionArn)
    .length('description', input.Description, { max: DESCRIPTION_LENGTH_MAX })
    .length('invocationEndpoint', input.InvocationEndpoint, { min: 1, max: ENDPOINT_LENGTH_MAX })
    .pattern('invocationEndpoint', input.InvocationEndpoint, ENDPOINT_FORM)
    .oneOf('httpMethod', input.HttpMethod, METHODS)
    .range('invocationRateLimitPerSecond', input.InvocationRateLimitPerSecond, {
      min: 1,
      max: Number.MAX_SAFE_INTEGER,
    });
}

/** What AWS looks at behind the front end. */
export function settingProblem(verb: Verb, input: UpdateApiDestinationInput): AwsError | undefined {
  const { Name = '', InvocationEndpoint: endpoint, InvocationRateLimitPerSecond: rate } = input;
  if (endpoint !== undefined && !isEndpointUrl(endpoint)) return endpointInvalid(verb, endpoint);
  return rate !== undefined && rate > RATE_MAX ? rateTooHigh(verb, Name, rate) : undefined;
}
