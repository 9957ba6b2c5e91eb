// What the facts of the registry say to a person.

import type { FactKind } from '#cell/fact.ts';
import * as facts from './facts.ts';

type Story = (fact: never) => string;

const told = <T>(_kind: FactKind<T>, story: (fact: T) => string): Story => story as Story;

export const stories: Readonly<Record<string, Story>> = {
  EventHeldBack: told(
    facts.EventHeldBack,
    ({ eventId, messageId, busArn, deadLetterArn, schema, version, path, message }) =>
      `event ${eventId} was held back from ${busArn}: ${path === '' ? 'the event' : path} ${message}, says version ${version} of ${schema}; it went to ${deadLetterArn} as message ${messageId}`,
  ),
};
