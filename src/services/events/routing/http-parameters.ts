// What a rule's target adds to the request of an API destination, read from the event where a value is a path. Observed of AWS (ministack, pull request
// 1775): paths lead into the event as it was put, whatever shapes the body; a header or a query that leads to nothing is empty; numbers and truth values are
// their text, and so is null. What AWS does where a value for the URL's path is missing is not known: here nothing is sent, as it would go to another resource.

import type { TargetParameters } from '#cell/target.ts';
import { dynamicValue } from '#structures/input-template/dynamic-value.ts';
import type { HttpParameters } from '#wire/generated/events.ts';

type Values = Readonly<Record<string, string>>;

export type ResolvedHttp = NonNullable<TargetParameters['http']>;

/** `eventText`: the whole event's JSON. */
export function resolvedHttp(
  { PathParameterValues: path, HeaderParameters: headers, QueryStringParameters: query }: HttpParameters,
  eventText: string,
): ResolvedHttp | { readonly problem: string } {
  const values = path?.map((value) => dynamicValue(value, eventText));
  const missing = values?.findIndex((value) => !value) ?? -1;
  if (missing >= 0) return { problem: `The path parameter ${path?.[missing]} leads to nothing in the event.` };
  return {
    ...(values === undefined ? {} : { pathParameterValues: values as string[] }),
    ...(headers === undefined ? {} : { headerParameters: resolved(headers, eventText) }),
    ...(query === undefined ? {} : { queryStringParameters: resolved(query, eventText) }),
  };
}

function resolved(given: Values, eventText: string): Values {
  return Object.fromEntries(
    Object.entries(given).map(([key, value]) => {
      const found = dynamicValue(value, eventText);
      return [key, found === undefined ? '' : String(found)];
    }),
  );
}
