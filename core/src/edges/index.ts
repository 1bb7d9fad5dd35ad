/**
 * @staycode/core/edges: what touches a disk, a network or a clock on behalf of the pure rooms.
 * @module
 */
export * from './access-code-store.ts';
export { type Clock, controllerClock, systemClock } from './clock.ts';
export * from './fetch-feed.ts';
export { type DeviceClock, LockDevice, type LockDeviceOptions, type MoveBolt } from './lock-device.ts';
export { type JournalOptions, type LockJournal, openJournal, readJournal } from './lock-journal.ts';
export { type LogKeeper, type LogKeeperOptions, openLogKeeper } from './log-keeper.ts';
export type { ActStore, HostAct } from './act-store.ts';
export type { CodeUseStore } from './code-use-store.ts';
export type { BackupChange, BackupCodeStore } from './backup-code-store.ts';
export type { ClaimedMessage, OutboxStore } from './outbox-store.ts';
export { type MqttJsOptions, type MqttLogin, openLogin } from './mqtt-login.ts';
export { type MqttJsClient, openWire, type Saying, type Wire, type WireListener } from './mqtt-wire.ts';
export { openWebhookSender, type WebhookSender, type WebhookSenderOptions } from './webhook-sender.ts';
export type { DueWebhook, WebhookStore } from './webhook-store.ts';
export {
  type LockProgrammer,
  type LockProgrammerOptions,
  openLockProgrammer,
  type ProgrammerListener,
} from './lock-programmer.ts';
export { type HeardLog, type HeardLogOptions, openHeardLog } from './heard-log.ts';
export type { ProgrammedLockStore, ServedUnit } from './programmed-lock-store.ts';
export type { SlotStore } from './slot-store.ts';
