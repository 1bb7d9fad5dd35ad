/**
 * Before guests arrive: is the calendar fresh, is the stay paid, is the code with the guest, do the locks know the time and
 * have they power. At a time of the host's choice, and whenever a message asks.
 * @module
 */
import { type ArrivalLine, checkArrivals, nextMoment, StaycodeError } from '@staycode/core';
import type { Node, NodeAPI, NodeDef, NodeMessage } from 'node-red';
import { onceStarted } from '../flows-started.mts';
import { type RegisterShare, shareRegister } from '../register.mts';
import { soundSite, type StaySiteNode } from '../stay-site/stay-site.mts';
import { gatherFacts } from './gather-facts.mts';
import { toLinesMessage } from './to-message.mts';

export interface StayTonightDef extends NodeDef {
  /** Id of the `stay-site` node. */
  readonly site: string;
  /** Time of day in the site's zone, `HH:MM`; empty for only when asked. */
  readonly time: string;
}

const DAY_MS = 24 * 60 * 60_000;

/** Registers `stay-tonight`. */
export function stayTonight(RED: NodeAPI): void {
  RED.nodes.registerType('stay-tonight', createTonight);

  function createTonight(this: Node, def: StayTonightDef): void {
    RED.nodes.createNode(this, def);
    const register = shareRegister(RED, this);
    if (register === null) return;
    const check = createCheck(RED, this, { register, siteId: def.site });
    const alarm = createAlarm(() => check.nextAtMs(def.time), check.tellAlone);
    const callOff = onceStarted(RED, alarm.arm);
    this.on('input', (msg, send, done) => {
      try {
        send({ ...msg, ...check.look() });
        done();
      } catch (error) {
        check.showError(error);
        done(error instanceof Error ? error : new Error(String(error)));
      }
    });
    this.on('close', () => {
      callOff();
      alarm.stop();
      register.release();
    });
  }
}

interface Check {
  /** @throws StaycodeError `bad-config`, `bad-register` */
  look(): NodeMessage;
  /** Looks and sends; what goes wrong is in the log and under the node. */
  readonly tellAlone: () => void;
  /** When to look next by itself; `null` for never, or where the settings do not say. */
  nextAtMs(time: string): number | null;
  showError(error: unknown): void;
}

function createCheck(
  RED: NodeAPI,
  node: Node,
  { register, siteId }: { register: RegisterShare; siteId: string },
): Check {
  const siteNode = (): StaySiteNode => {
    const site = soundSite(RED, siteId);
    if (site === null) throw new StaycodeError('bad-config', 'stay-tonight: expected a site, got none');
    return site;
  };
  const look = (): NodeMessage => {
    const site = siteNode();
    const nowMs = Date.now();
    const facts = gatherFacts(RED, site, register.store);
    const lines = checkArrivals(facts, { nowMs, withinMs: DAY_MS });
    show(RED, node, lines);
    return toLinesMessage(RED, lines, { zone: site.zone, nowMs });
  };
  const showError = (error: unknown): void => {
    const code = error instanceof StaycodeError ? error.code : '';
    const key = ['bad-config', 'bad-zone', 'bad-time'].includes(code) ? code : 'failed';
    node.status({ fill: 'red', shape: 'ring', text: RED._(`stay-tonight.status.${key}`) });
  };
  const attempt = <T,>(act: () => T): T | null => {
    try {
      return act();
    } catch (error) {
      showError(error);
      node.error(error instanceof Error ? error.message : String(error));
      return null;
    }
  };
  return {
    ...{ look, showError },
    tellAlone() {
      const message = attempt(look);
      if (message !== null) node.send(message);
    },
    nextAtMs: (time) => (time === '' ? null : attempt(() => nextMoment(time, siteNode().zone, Date.now()))),
  };
}

interface Alarm {
  readonly arm: () => void;
  readonly stop: () => void;
}

/** Rings at each next moment. */
function createAlarm(nextAtMs: () => number | null, ring: () => void): Alarm {
  let timer: NodeJS.Timeout | undefined;
  const arm = (): void => {
    const atMs = nextAtMs();
    if (atMs === null) return;
    timer = setTimeout(() => {
      ring();
      arm();
    }, atMs - Date.now());
  };
  return {
    arm,
    stop: () => {
      clearTimeout(timer);
    },
  };
}

function show(RED: NodeAPI, node: Node, lines: readonly ArrivalLine[]): void {
  const red = lines.filter(({ ready }) => !ready).length;
  const count = lines.filter(({ arrival }) => arrival !== null).length;
  const say = (key: string, values = {}): string => RED._(`stay-tonight.status.${key}`, values);
  if (red > 0) node.status({ fill: 'red', shape: 'dot', text: say('red', { red }) });
  else if (count > 0) node.status({ fill: 'green', shape: 'dot', text: say('ready', { count }) });
  else node.status({ fill: 'grey', shape: 'dot', text: say('nobody') });
}
