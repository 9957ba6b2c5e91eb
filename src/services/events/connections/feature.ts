import type { Feature } from '../feature.ts';

export const connections: Feature = {};
