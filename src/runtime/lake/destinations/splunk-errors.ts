// What went wrong between Firehose and a Splunk HEC. AWS: Firehose developer guide, "Splunk data delivery errors" (codes and texts); codes of
// HEC: Splunk, "HTTP Event Collector error codes".

import type { HttpAnswer, HttpFailure } from '#cell/http-request.ts';
import type { FailedDelivery } from '#services/firehose/performing.ts';
import { failedDelivery, isUnreachable, textOf, withDetail } from './destination.ts';

const TEXTS = {
  ProxyWithoutStickySessions:
    'If you have a proxy (ELB or other) between Firehose and the HEC node, you must enable sticky sessions to support HEC ACKs.',
  DisabledToken: 'The HEC token is disabled. Enable the token to allow data delivery to Splunk.',
  InvalidToken: 'The HEC token is invalid. Update Firehose with a valid HEC token.',
  InvalidDataFormat:
    'The data is not formatted correctly. To see how to properly format data for Raw or Event HEC endpoints, see Splunk Event Data.',
  InvalidIndex:
    'The HEC token or input is configured with an invalid index. Check your index configuration and try again.',
  ServerError:
    'Data delivery to Splunk failed due to a server error from the HEC node. Firehose will retry sending the data if the retry duration in ' +
    'your Firehose is greater than 0. If all the retries fail, Firehose backs up the data to Amazon S3.',
  DisabledAck: 'Indexer acknowledgement is disabled for the HEC token. Enable indexer acknowledgement and try again.',
  ConnectionTimeout:
    'The connection to Splunk timed out. This might be a transient error and the request will be retried. Firehose backs up the data to ' +
    'Amazon S3 if all retries fail.',
  InvalidEndpoint:
    'Could not connect to the HEC endpoint. Make sure that the HEC endpoint URL is valid and reachable from Firehose.',
  ConnectionClosed:
    'Unable to send data to Splunk due to a connection failure. This might be a transient error. Increasing the retry duration in your ' +
    'Firehose configuration might guard against such transient failures.',
  SSLUnverified:
    'Could not connect to the HEC endpoint. The host does not match the certificate provided by the peer. Make sure that the certificate ' +
    'and the host are valid.',
  SSLHandshake: 'Could not connect to the HEC endpoint. Make sure that the certificate and the host are valid.',
} as const;

export type SplunkError = keyof typeof TEXTS;

/** By `code` of HEC's answer. */
const OF_HEC: Readonly<Record<number, SplunkError>> = {
  1: 'DisabledToken',
  2: 'InvalidToken',
  3: 'InvalidToken',
  4: 'InvalidToken',
  5: 'InvalidDataFormat',
  6: 'InvalidDataFormat',
  7: 'InvalidIndex',
  8: 'ServerError',
  9: 'ServerError',
  12: 'InvalidDataFormat',
  13: 'InvalidDataFormat',
  14: 'DisabledAck',
  15: 'InvalidDataFormat',
};

/** Every failure starts the retry duration ("Any data delivery error triggers the retry logic"). */
export function splunkFailure(error: SplunkError, detail?: string): FailedDelivery {
  return failedDelivery(`Splunk.${error}`, detail === undefined ? TEXTS[error] : `${TEXTS[error]} (${detail})`);
}

export function failedHecRequest(failure: HttpFailure): FailedDelivery {
  return failedDelivery(`Splunk.${errorOf(failure)}`, withDetail(TEXTS[errorOf(failure)], failure));
}

function errorOf(failure: HttpFailure): SplunkError {
  if (failure.kind === 'timeout') return 'ConnectionTimeout';
  if (failure.kind === 'tls') return /ALTNAME|HOSTNAME/.test(failure.detail) ? 'SSLUnverified' : 'SSLHandshake';
  return isUnreachable(failure) ? 'InvalidEndpoint' : 'ConnectionClosed';
}

/** An answer that is no success. */
export function failedHecAnswer(answer: HttpAnswer, hecCode: unknown): FailedDelivery {
  const told = `HTTP ${answer.status}: ${textOf(answer).slice(0, 512)}`;
  const known = typeof hecCode === 'number' ? OF_HEC[hecCode] : undefined;
  if (known !== undefined) return splunkFailure(known, told);
  if (answer.status === 401 || answer.status === 403) return splunkFailure('InvalidToken', told);
  if (answer.status < 500) return splunkFailure('InvalidEndpoint', told);
  return splunkFailure('ServerError', told);
}
