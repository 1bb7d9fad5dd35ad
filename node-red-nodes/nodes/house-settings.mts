/**
 * What a unit's stays are judged by: its site's settings.
 * @module
 */
import type { HouseSettings } from '@staycode/core';
import type { StayUnitNode } from './stay-unit/stay-unit.mts';

export function houseOf(unit: StayUnitNode): HouseSettings {
  const site = unit.site();
  return {
    ...{ unit: unit.unit, rules: site?.rules ?? null, zone: site?.zone ?? 'UTC' },
    hasKey: site?.siteKey instanceof Uint8Array,
    ...(site && { buffers: site.buffers }),
  };
}
