/**
 * The house rules as the site's dialog gives them. What flows of before do not say is as it was by default.
 * @module
 */
import { compileRules, DEFAULT_HOUSE_RULES, type HouseRules, type LockRules } from '@staycode/core';

/** As the editor keeps them, numbers as text. */
export interface HouseRulesForm {
  /** IANA zone. */
  readonly zone: string;
  /** Local times of day `HH:MM`. */
  readonly checkInFrom: string;
  readonly checkInTo: string;
  readonly checkOutFrom: string;
  readonly checkOutTo: string;
  readonly minNights: string | number;
  readonly maxNights: string | number;
  /** 6, 8, or 0 for locks that always want all twelve digits. */
  readonly pinDigits?: string | number;
  readonly clockLost?: HouseRules['clockLost'];
}

/** @throws StaycodeError `bad-rules`, `bad-zone`, `bad-time` */
export function readHouseRules(form: HouseRulesForm): LockRules {
  const { zone, checkInFrom, checkInTo, checkOutFrom, checkOutTo, minNights, maxNights } = form;
  const { pinDigits = DEFAULT_HOUSE_RULES.pinDigits, clockLost = DEFAULT_HOUSE_RULES.clockLost } = form;
  return compileRules({
    ...DEFAULT_HOUSE_RULES,
    ...{ zone, checkInFrom, checkInTo, checkOutFrom, checkOutTo },
    ...{ minNights: Number(minNights), maxNights: Number(maxNights) },
    ...{ pinDigits: Number(pinDigits) as HouseRules['pinDigits'], clockLost },
  });
}
