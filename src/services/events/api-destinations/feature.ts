import type { Feature } from '../feature.ts';

export const apiDestinations: Feature = {};
