/**
 * A person's entry for the authenticator app, for the host's eyes: that it was shown is on record before it is.
 * @module
 */
import { authenticatorUri } from '@staycode/core';
import type { AccessCodeStore } from '@staycode/core/edges';
import type { NodeAPI } from 'node-red';
import { secretOf } from '../../../nodes/stay-site/site-staff.mts';
import { ActRefused, textOf } from '../acts/act.mts';
import { drawQrCode, type QrCode } from './qr-code.mts';
import { SHOWN_ACT, shownNote, sitesOf } from './staff-list.mts';

export interface StaffEntry {
  readonly name: string;
  /** For a phone that shows the board itself. */
  readonly uri: string;
  readonly qr: QrCode;
  /** Base32 in groups of four, for an app that is to be typed into. */
  readonly key: string;
  readonly digits: number;
}

export interface ShowRequest {
  readonly body: Readonly<Record<string, unknown>>;
  readonly store: AccessCodeStore;
  readonly by: string;
  readonly nowMs: number;
}

/** @throws ActRefused where site, key or person are missing: nothing is shown then */
export function showStaff(RED: NodeAPI, { body, store, by, nowMs }: ShowRequest): StaffEntry {
  const site = sitesOf(RED).find(({ id }) => id === textOf({ body }, 'siteId'));
  const member = site?.staff.find(({ id }) => id === textOf({ body }, 'staffId'));
  if (!site || !member) throw new ActRefused('no-such-person');
  if (!site.siteKey) throw new ActRefused('no-site-key');
  const issuer = site.name === undefined || site.name === '' ? 'Staycode' : site.name;
  const uri = authenticatorUri(issuer, secretOf(member, site.siteKey));
  const note = shownNote(member);
  store.acts.add({ act: SHOWN_ACT, unitId: null, reservationId: null, by, note, atMs: nowMs });
  const key = new URL(uri).searchParams.get('secret') ?? '';
  return {
    ...{ name: member.name, uri, qr: drawQrCode(uri), digits: member.digits },
    key: key.replaceAll(/(.{4})(?=.)/gu, '$1 '),
  };
}
