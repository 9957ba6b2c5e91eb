import type { Feature } from '../feature.ts';

export const routing: Feature = {};
