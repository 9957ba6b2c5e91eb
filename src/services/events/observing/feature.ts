import type { Feature } from '../feature.ts';

export const observing: Feature = {};
