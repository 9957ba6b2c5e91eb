// Salesforce's outbound messages: SOAP, without signature. Source: developer.salesforce.com, "Understanding the outbound messaging WSDL" and
// "Understanding notifications". What proves the sender is a key in the URL that only the organization was given (`?key=…`), and the organization's
// id. One event a notification; the session id, with which one could act in Salesforce, goes nowhere.

import { parseXml, type XmlElement } from '#wire/xml-text.ts';
import { textOf } from '../json-body.ts';
import { isSame } from '../signatures.ts';
import { type Arrival, type Reading, unreadable, unsigned, type Webhook, type WebhookEvent } from '../webhook.ts';

/** Salesforce: "A single SOAP message can include up to 100 notifications." */
const NOTIFICATIONS_MAX = 100;

export const ACKNOWLEDGED =
  '<?xml version="1.0" encoding="UTF-8"?>\n' +
  '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>' +
  '<notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>true</Ack></notificationsResponse>' +
  '</soapenv:Body></soapenv:Envelope>\n';

export function readSalesforce(webhook: Webhook, { body, query }: Arrival): Reading {
  const isKeyRight = isSame(webhook.secret().toString('utf8'), query.get('key') ?? undefined);
  if (!isKeyRight) return unsigned('The key in the URL is not valid.');
  const notifications = notificationsOf(textOf(body) ?? '');
  if (notifications === undefined) return unreadable('The body is no outbound message of Salesforce.');
  const organizationId = childText(notifications, 'OrganizationId') ?? '';
  if (!isSame(webhook.organizationId ?? '', organizationId)) return unsigned('The message is of another organization.');
  const actionId = childText(notifications, 'ActionId');
  const each = notifications.children.filter(({ name }) => name === 'Notification');
  if (each.length === 0 || each.length > NOTIFICATIONS_MAX) {
    return unreadable(`A message has 1 to ${NOTIFICATIONS_MAX} notifications.`);
  }
  return { events: each.map((notification) => eventOf(notification, { organizationId, actionId })) };
}

/** The detail-type is that of the object: `Opportunity`. AWS and Salesforce name none for outbound messages. */
function eventOf(
  notification: XmlElement,
  head: { readonly organizationId: string; readonly actionId: string | undefined },
): WebhookEvent {
  const object = child(notification, 'sObject');
  const type = typeOf(object) || 'outboundMessage';
  const fields = Object.fromEntries((object?.children ?? []).map(({ name, text }) => [name, text]));
  const detail = { ...head, notificationId: childText(notification, 'Id'), type, sObject: fields };
  return { detailType: type, detail: JSON.stringify(detail) };
}

function notificationsOf(text: string): XmlElement | undefined {
  const envelope = parseXml(text);
  const body = envelope === undefined ? undefined : child(envelope, 'Body');
  return body === undefined ? undefined : child(body, 'notifications');
}

function child(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((each) => each.name === name);
}

function childText(element: XmlElement, name: string): string | undefined {
  return child(element, name)?.text;
}

/** `sf:Opportunity`, whatever the prefixes are. */
function typeOf(object: XmlElement | undefined): string {
  for (const [name, value] of object?.attributes ?? []) {
    if (name === 'xsi:type' || name === 'type') return value.slice(value.indexOf(':') + 1);
  }
  return '';
}
