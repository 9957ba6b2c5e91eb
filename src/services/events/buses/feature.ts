import type { Feature } from '../feature.ts';

export const buses: Feature = {};
