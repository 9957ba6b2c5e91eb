import type { FactKind } from '#cell/fact.ts';
import { ApiDestinationPaced } from './facts.ts';

const told = <T>(_kind: FactKind<T>, story: (fact: T) => string): ((fact: never) => string) =>
  story as (fact: never) => string;

export const apiDestinationStories: Readonly<Record<string, (fact: never) => string>> = {
  ApiDestinationPaced: told(
    ApiDestinationPaced,
    ({ destinationArn, waiting, untilMs }) =>
      `${waiting} requests wait for the rate of ${destinationArn} until ${new Date(untilMs).toISOString()}`,
  ),
};
