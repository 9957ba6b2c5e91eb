// Any sender that signs the body with an HMAC, in the form that the configuration says.

import { jsonBodyOf, textAt } from '../json-body.ts';
import { isInTime, isSame, signatureOf } from '../signatures.ts';
import { type Arrival, type HmacForm, type Reading, unreadable, unsigned, type Webhook } from '../webhook.ts';

export function readHmac(webhook: Webhook, { headers, body, nowMs }: Arrival): Reading {
  const { form } = webhook;
  if (form === undefined) return unsigned('The webhook has no form.');
  const { timestampHeader, separator, prefix, header } = form;
  const time = timestampHeader === undefined ? undefined : headers[timestampHeader];
  const before = timestampHeader === undefined ? '' : `${time ?? ''}${separator}`;
  const expected = prefix + signatureOf(webhook, form, before, body);
  if (!isSame(expected, headers[header])) return unsigned(`The ${header} is not valid.`);
  if (timestampHeader !== undefined && !isInTime(time, webhook, nowMs)) {
    return unsigned(`The ${timestampHeader} is out of tolerance.`);
  }
  const json = jsonBodyOf(body);
  if (json === undefined) return unreadable('The body is not the JSON of an object.');
  const detailType = detailTypeOf(form, headers, json.members);
  if (detailType === undefined) return unreadable('The request does not say the type of its event.');
  return { events: [{ detailType, detail: json.text }] };
}

function detailTypeOf(
  { detailTypeHeader, detailTypePath, detailType }: HmacForm,
  headers: Arrival['headers'],
  members: Readonly<Record<string, unknown>>,
): string | undefined {
  const fromHeader = detailTypeHeader === undefined ? undefined : headers[detailTypeHeader];
  const fromBody = detailTypePath === undefined ? undefined : textAt(members, detailTypePath);
  return fromHeader ?? fromBody ?? detailType;
}
