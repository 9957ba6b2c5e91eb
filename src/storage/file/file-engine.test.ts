import { describeEngine } from '../conformance.ts';
import { onPowerCutDisk, onRealDisk } from './testing/engine-lives.ts';

describeEngine('file', onRealDisk);
describeEngine('file on a disk that loses power', onPowerCutDisk);
