import { factKind, field } from '#cell/fact.ts';

/** When a rule's schedule runs next. */
export const RuleScheduled = factKind({
  id: 0x704,
  name: 'RuleScheduled',
  fields: { rule: field.count, dueAtMs: field.number },
});
