import type { Feature } from '../feature.ts';

export const archives: Feature = {};
