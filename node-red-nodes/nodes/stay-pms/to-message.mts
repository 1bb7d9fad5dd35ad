/**
 * What a PMS's node sends: stays for the flow, requests for an `http request` node, sentences for the host.
 * @module
 */
import { type PmsRequest, type PmsStay, writeBack, type WriteBackOptions } from '@staycode/core';
import type { NodeMessage } from 'node-red';
import type { StayTold } from './pms-desk.mts';
import type { PmsSettings } from './settings.mts';

/** What a request is for; it comes back with the answer, for `http request` keeps what a message holds. */
export interface RequestTag {
  /** Id of the node that asked. */
  readonly node: string;
  readonly request: 'fetch' | 'poll' | 'write-back';
  /** The reservation that is fetched, or the stay whose code is written back. */
  readonly id: string;
  readonly askedAtMs: number;
}

/** The first output's message on a stay: for `stay-code`, with what a host may want to look at beside it. */
export function toStayMessage({ unitId, stay, news, event }: StayTold, unitName: string): NodeMessage {
  const { reservation } = stay;
  const { rawStatus, payment, channel, reservationCode, partySize, pms } = reservation;
  const beside = { pms, status: rawStatus, payment, channel, reservationCode, partySize };
  const { guestName } = reservation;
  const wanted = news.news === 'stay' ? news.stay : { id: stay.id, source: 'pms', guestName, ...stay.window };
  return {
    topic: unitName,
    payload: { ...beside, ...wanted },
    event,
    unit: unitId,
    ...(news.news === 'gone' && { reason: news.why }),
  };
}

/** The second output's message: `http request` takes method, address, headers and payload from it. */
export function toRequestMessage(
  { method, path, body }: PmsRequest,
  { origin, api, apiKey }: PmsSettings,
  pms: RequestTag,
): NodeMessage {
  return {
    method,
    url: `${origin}${path}`,
    headers: {
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(apiKey !== '' && { [api.keyHeader]: `${api.keyPrefix}${apiKey}` }),
    },
    // `http request` would send what an earlier node has left here.
    payload: body ?? '',
    pms,
  };
}

/** The request that writes a stay's code into the PMS, `null` where that has no place for it. */
export function writeBackOf(stay: PmsStay, msg: NodeMessage, field: string): PmsRequest | null {
  const { digits, grouped } = msg.code as { readonly digits: string; readonly grouped?: string };
  const instruction = typeof msg.payload === 'string' ? { instruction: msg.payload } : {};
  return writeBack(stay, { digits: grouped ?? digits, ...instruction }, optionsOf(stay, field.trim()));
}

/** The one field that a host sets up in his PMS, by what it is called there; Cloudbeds wants the key's type and its issuer. */
function optionsOf({ reservation }: PmsStay, field: string): WriteBackOptions {
  if (field === '') return {};
  switch (reservation.pms) {
    case 'guesty':
      return { guestyFieldId: field };
    case 'cloudbeds': {
      const [keyType = '', issuerId = 'staycode'] = field.split(/\s*,\s*/u);
      return { cloudbeds: { keyType, issuerId } };
    }
    default:
      return { placeholder: field };
  }
}
