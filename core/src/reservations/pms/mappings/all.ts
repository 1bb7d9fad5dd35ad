/**
 * The PMSs that are known by name.
 * @module
 */
import type { PmsMapping } from '../mapping.ts';
import { BEDS24 } from './beds24.ts';
import { CLOUDBEDS } from './cloudbeds.ts';
import { GUESTY } from './guesty.ts';
import { HOSPITABLE } from './hospitable.ts';
import { HOSTAWAY } from './hostaway.ts';
import { LODGIFY } from './lodgify.ts';
import { QLOAPPS } from './qloapps.ts';
import { SMOOBU } from './smoobu.ts';

export type PmsName =
  'hostaway' | 'guesty' | 'beds24' | 'smoobu' | 'hospitable' | 'lodgify' | 'cloudbeds' | 'qloapps';

/** By name; a host's own mapping goes through `parseMapping` and stands beside them. */
export const PMS_MAPPINGS: Readonly<Record<PmsName, PmsMapping>> = {
  hostaway: HOSTAWAY,
  guesty: GUESTY,
  beds24: BEDS24,
  smoobu: SMOOBU,
  hospitable: HOSPITABLE,
  lodgify: LODGIFY,
  cloudbeds: CLOUDBEDS,
  qloapps: QLOAPPS,
};
