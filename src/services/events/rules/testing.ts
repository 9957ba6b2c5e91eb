import type { EventsTest } from '../testing.ts';
import { busArnOf } from '../testing.ts';

/** A managed rule as an archive has it. Not part of the product. */
export async function archiveRule(test: EventsTest): Promise<{ Name: string; EventBusName: string }> {
  await test.call('CreateEventBus', { Name: 'shop' });
  await test.call('CreateArchive', { ArchiveName: 'a', EventSourceArn: busArnOf('shop') });
  return { Name: 'Events-Archive-a', EventBusName: 'shop' };
}
