import { expect, it } from 'vitest';
import { defineService } from '#cell/service-definition.ts';
import { testCell } from '#cell/testing.ts';
import { deliveries } from '#deliveries/service.ts';
import { events } from '../service.ts';
import { CUSTOMER, PARTNER, SOURCE, SOURCE_ARN } from './testing.ts';

const named = { Name: SOURCE };

// AWS: Service Authorization Reference, "Actions defined by Amazon EventBridge".
it.each([
  ['CreatePartnerEventSource', { ...named, Account: CUSTOMER.account }, SOURCE_ARN],
  ['DeletePartnerEventSource', { ...named, Account: CUSTOMER.account }, SOURCE_ARN],
  ['DescribePartnerEventSource', named, SOURCE_ARN],
  ['ListPartnerEventSources', {}, '*'],
  ['ListPartnerEventSourceAccounts', { EventSourceName: SOURCE }, SOURCE_ARN],
  ['PutPartnerEvents', {}, '*'],
  ['ActivateEventSource', named, SOURCE_ARN],
  ['DeactivateEventSource', named, SOURCE_ARN],
  ['DescribeEventSource', named, SOURCE_ARN],
  ['ListEventSources', {}, '*'],
])('%s asks for its permission, and is denied without it', async (action, input, resource) => {
  const asked: string[] = [];
  const iam = defineService<object>({
    name: 'iam',
    createState: () => ({}),
    tables: () => [],
    facts: [],
    operations: {},
    doors: () => ({
      authorizer: {
        evaluate(_turn, request) {
          asked.push(`${request.action} ${request.resource} of ${request.resourceAccount}`);
          return { decision: 'implicit-deny', reason: 'because' };
        },
      },
    }),
  });
  const test = await testCell([events, deliveries, iam], { iamMode: 'enforce' });
  const reply = await test.reply('events', action, input, { scope: PARTNER });
  expect(reply).toMatchObject({ refused: { code: 'AccessDeniedException' } });
  expect(asked).toEqual([`events:${action} ${resource} of ${PARTNER.account}`]);
});
