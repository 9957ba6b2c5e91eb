import { expect, test } from 'vitest';
import { fullDiskSentence } from './start.ts';

test('a full disk ends the process with a sentence that names the directory, every other failure with its own text', () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  expect(fullDiskSentence(full, '/data')).toBe(
    'The disk of the data directory /data is full: ENOSPC: no space left on device, write. What was acknowledged is on it; make room and start again. [STO-06]',
  );
  const quota = Object.assign(new Error('EDQUOT: quota exceeded'), { code: 'EDQUOT' });
  expect(fullDiskSentence(quota, '/data')).toContain('[STO-06]');
  expect(fullDiskSentence(Object.assign(new Error('EIO: i/o error'), { code: 'EIO' }), '/data')).toBeUndefined();
});
