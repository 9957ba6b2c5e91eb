import type { Feature } from '../feature.ts';

export const rules: Feature = {};
