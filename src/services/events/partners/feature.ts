import type { Feature } from '../feature.ts';

export const partners: Feature = {};
