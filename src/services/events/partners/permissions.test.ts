import { expect, it } from 'vitest';
import { TestIam, testCell } from '#cell/testing.ts';
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
  const iam = new TestIam();
  iam.isForbidden = () => true;
  const test = await testCell([events, deliveries, iam.definition], { iamMode: 'enforce' });
  const reply = await test.reply('events', action, input, { scope: PARTNER });
  expect(reply).toMatchObject({ refused: { code: 'AccessDeniedException' } });
  const asked = iam.asked.map((each) => `${each.action} ${each.resource} of ${each.resourceAccount}`);
  expect(asked).toEqual([`events:${action} ${resource} of ${PARTNER.account}`]);
});
