/**
 * One-time codes for callers: today's backup code of a unit, made if need be, and drawn before its digits are shown.
 * @module
 */
import { drawOrMakeCode, revokeBackupCode } from '@staycode/core';
import { Refusal } from './answers.mts';
import type { ApiDesk, ApiUnit, Found } from './api-desk.mts';
import type { ApiKey } from './api-keys.mts';

/** Asked again on the same day, the same caller gets the same code. @returns its id. @throws Refusal */
export function drawOneTimeCode(desk: ApiDesk, { house, siteKey, guestDoors }: ApiUnit, key: ApiKey): string {
  const { unit, zone, rules } = house;
  if (guestDoors.isListed)
    throw new Refusal(
      'device_not_supported',
      'the unit’s doors keep their own lists: no one-time code opens them',
    );
  if (rules === null || siteKey === null)
    throw new Refusal('device_not_ready', 'the unit’s site has no key, or no rules');
  const { store, newId } = desk;
  const nowMs = desk.nowMs();
  const others = store.readUnit(unit.unitId).codes;
  const day = new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(nowMs);
  const { draw } = store.backups.changeUnit(unit.unitId, (codes) => {
    const request = { unit, zone, rules, issued: [...codes, ...others], nowMs, newId };
    const drawn = drawOrMakeCode(request, { unit, day, nowMs, drawnFor: `API key ${key.name}` });
    return { draw: drawn, put: drawn.ok ? [drawn.code] : [] };
  });
  if (draw.ok) return draw.code.id;
  throw new Refusal('no_code_left', 'the unit’s one-time codes of today are spent, or its rules leave none');
}

export function revokeDrawn(desk: ApiDesk, { code, unit }: Found): void {
  const nowMs = desk.nowMs();
  desk.store.backups.changeUnit(unit.house.unit.unitId, (codes) => ({
    put: codes.filter(({ id }) => id === code.id).map((one) => revokeBackupCode(one, nowMs)),
  }));
}
