// What happens to API destinations beside their documents: that requests wait because of the rate. Facts 0x7c0 to 0x7df.

import { factKind, field } from '#cell/fact.ts';

/** The next request waits until then. Eventual: after a restart nothing waits here. */
export const ApiDestinationPaced = factKind({
  id: 0x7c0,
  name: 'ApiDestinationPaced',
  durability: 'eventual',
  fields: { destinationArn: field.text, waiting: field.count, untilMs: field.number },
});
