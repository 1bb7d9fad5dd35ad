/**
 * @staycode/core: everything here is pure: time, randomness, disk and network are handed in.
 * @module
 */
export { type IanaZone, requireZone } from './reservations/zones.ts';
export { StaycodeError, type StaycodeErrorCode } from './errors.ts';
export { formatInstant, parseInstant } from './instant.ts';
export { type Alphabet, alphabetSpec } from './stay-code/alphabet.ts';
export {
  deriveCodeKey,
  deriveCommandKey,
  deriveLockKey,
  deriveLogKey,
  deriveStaffSecret,
  deriveUnitKey,
} from './stay-code/keys.ts';
export type { ClockContent, CodeKind, WindowContent } from './stay-code/payload.ts';
export { groupDigits, issueClockCode, issueCode, readCode } from './stay-code/stay-code.ts';
export {
  type Answer,
  checkCommand,
  type Command,
  type CommandCheck,
  type CommandContext,
  type CommandRefusal,
  MAX_COMMAND_LENGTH,
  MAX_COMMAND_LIFE_MS,
  readAnswer,
  signAnswer,
  signCommand,
} from './protocol/commands.ts';
export {
  type Bolt,
  type Door,
  HEARTBEAT_MS,
  type LockEvent,
  type LockState,
  parseLockEvent,
  parseLockState,
  STALE_MS,
} from './protocol/messages.ts';
export { formatPairing, type Pairing, parsePairing } from './protocol/pairing.ts';
export {
  HOME_ASSISTANT_STATUS,
  homeAssistantDevice,
  type HomeAssistantTopics,
  homeAssistantTopics,
} from './protocol/home-assistant.ts';
export { isLockedOut, isTampered, type LockHealth } from './protocol/lock-health.ts';
export { type MqttAddress, readMqttAddress } from './protocol/mqtt-address.ts';
export {
  AUDIT_WINDOW,
  AuditSender,
  type AuditSenderOptions,
  type SendableLog,
} from './protocol/audit-sender.ts';
export {
  AuditKeeper,
  type AuditKeeperOptions,
  type KeeperStep,
  NOTHING_TO_KEEP,
} from './protocol/audit-keeper.ts';
export { lockReads, lockTopics, type LockTopics, staysTopic } from './protocol/topics.ts';
export { openStays, sealStays, type StayAtLock, type Stays } from './protocol/stays-message.ts';
export { SEAL_NONCE_BYTES } from './protocol/sealed-text.ts';
export { type Hello, readSession, type Session, signHello } from './protocol/session.ts';
export { codesForRoster, codesToShow, toCodeId } from './protocol/known-codes.ts';
export { fingerprintOf, readRosterReport, rosterOf, type RosterReport } from './protocol/roster.ts';
export { raiseKey, raiseKeys } from './protocol/raised-keys.ts';
export type { Act } from './lock/acts.ts';
export { decideEntry } from './lock/decide.ts';
export { type CodeId, type LockConfig, sameCode, type UnitKey } from './lock/keyring.ts';
export { type LockOdds, type Odds, odds, type OddsRequest } from './lock/odds.ts';
export { DEFAULT_KEEPER, formatLockFile, type LockFile, parseLockFile } from './lock/lock-file.ts';
export type { LockRecord, Movement, Outcome, Reason } from './lock/memory.ts';
export {
  compileRules,
  DEFAULT_HOUSE_RULES,
  type HouseRules,
  type LockRules,
  meetsRules,
  ruleBroken,
  STREET_DOOR_HOUSE_RULES,
  takesRevocation,
} from './lock/rules.ts';
export { playScenario, type ScenarioFailure, STORE_TIME_MS } from './lock/scenario.ts';
export { authenticatorUri } from './lock/authenticator-uri.ts';
export type { StaffSecret } from './lock/staff.ts';
export { lockEventOf } from './protocol/lock-event.ts';
export { type AccessCode, collides, isLive, stillOpen, type Unit } from './access-codes/access-code.ts';
export {
  type Ended,
  type Issue,
  issueAccessCode,
  type IssueRequest,
  withdrawAccessCodes,
  type Withheld,
} from './access-codes/issue.ts';
export {
  type BrokenRule,
  type Buffers,
  checkBuffers,
  type FittedWindow,
  fitWindow,
} from './access-codes/window.ts';
export type { Action } from './access-codes/actions.ts';
export { type HostOverride, Overrides, type OverrideWord } from './access-codes/host-overrides.ts';
export {
  type HouseSettings,
  reconcile,
  type Reconciliation,
  type ReconcileRequest,
  type UnitRecords,
} from './access-codes/reconcile.ts';
export { isCopy, matchSources } from './access-codes/same-stay.ts';
export {
  type GuestContact,
  type Held,
  type HeldReason,
  type StayNews,
  type StayRecord,
  type WantedStay,
  wantPmsStay,
  wantReservation,
} from './access-codes/wanted-stay.ts';
export {
  chooseLanguage,
  type DoorPin,
  type GuestMessage,
  guestMessage,
  type Language,
  LANGUAGES,
  writeCode,
} from './messages/guest-message.ts';
export { fillTemplate, PLACEHOLDERS, subjectOf, unknownPlaceholder } from './messages/template.ts';
export { guestLanguage, type GuestTongue, languageTag } from './messages/guest-language.ts';
export { type DigitsInWindow, foreseePinDigits } from './messages/short-pin.ts';
export { collide, type TimeWindow } from './stay-code/collision.ts';
export {
  ANSWER_TIMEOUT_MS,
  type CommandOutcome,
  type ControllerClock,
  type IncomingMessage,
  LockController,
  type LockControllerOptions,
  type LockListener,
} from './protocol/lock-controller.ts';
export {
  type DialectName,
  type FeedProblem,
  type FeedProblemCode,
  type HouseOptions,
  isStay,
  type Reservation,
  type ReservationStatus,
} from './reservations/reservation.ts';
export { type FeedReading, type ReadOptions, readReservations } from './reservations/read-reservations.ts';
export {
  type CanOpen,
  oddsOfLock,
  type OpenAuthorization,
  type Unseen,
  whatCanOpen,
} from './lock/can-open.ts';
export { explainEntry, type Explanation, type OutsideRules, type Standing } from './lock/explain.ts';
export { openLockFile, openSealed, sealBytes, type SealOptions } from './lock/sealed-file.ts';
export { EntryGroups, GROUPS_WITHIN_MS, type GroupMode, type JudgeEntry } from './lock/entry-groups.ts';
export type { EntryRecord } from './lock/memory.ts';
export { closedFor } from './lock/can-open.ts';
export {
  foldPms,
  forgetPms,
  listRefetches,
  listStays,
  type PmsEntry,
  type PmsEvent,
  type PmsState,
  type PmsStay,
} from './reservations/pms/fold.ts';
export { PMS_APIS, type PmsApi } from './reservations/pms/api.ts';
export { type Gate, gate, type GateOverride, type GateReason } from './reservations/pms/gate.ts';
export { parseMapping, type PmsMapping } from './reservations/pms/mapping.ts';
export { PMS_MAPPINGS, type PmsName } from './reservations/pms/mappings/all.ts';
export type {
  Payment,
  PaymentState,
  PmsContext,
  PmsReading,
  PmsRequest,
  PmsReservation,
  PmsRoom,
  PmsStatus,
} from './reservations/pms/pms-reservation.ts';
export { type PmsPoll, readPms, readPmsPoll, refetchRequest } from './reservations/pms/read-pms.ts';
export { type Deliveries, rememberDelivery } from './reservations/pms/webhooks/deliveries.ts';
export {
  verifyWebhook,
  type WebhookCheck,
  type WebhookContext,
  type WebhookRefusal,
  type WebhookRequest,
  type WebhookScheme,
} from './reservations/pms/webhooks/verify-webhook.ts';
export { writeBack, type WriteBackCode, type WriteBackOptions } from './reservations/pms/write-back.ts';
export type { FeedMapping, SummaryMapping } from './reservations/dialects/mapping.ts';
export {
  type BackupCode,
  type BackupPlan,
  type BackupRequest,
  type BackupSheet,
  type Draw,
  drawBackupCode,
  drawBackupSheet,
  drawOrMakeCode,
  type DrawRequest,
  listUndrawn,
  planBackupCodes,
  revokeBackupCode,
} from './access-codes/backup-codes.ts';
export {
  type Arrival,
  type ArrivalLine,
  type ArrivalOptions,
  checkArrivals,
} from './arrivals/check-arrivals.ts';
export type { FeedFact, HeardState, LockFact, UnitFacts } from './arrivals/facts.ts';
export { nextMoment } from './arrivals/next-moment.ts';
export { LOW_BATTERY_PERCENT, type Trouble } from './arrivals/troubles.ts';
export { type CodeUse, codeUseOf } from './access-codes/code-use.ts';
export { type IssuedCode } from './access-codes/issued-code.ts';
export { type CodeFacts, type Lifecycle, lifecycleOf, type LockList } from './access-codes/lifecycle.ts';
export {
  DEFAULT_OUTBOX_POLICY,
  keepsCode,
  type MessageState,
  type OutboxMessage,
  type OutboxPolicy,
  type SendFailure,
} from './access-codes/outbox.ts';
export {
  listRevocations,
  listRevokes,
  type Revocation,
  revocationOf,
  type RevocationRequest,
} from './access-codes/revocations.ts';
export { listSeamEvents, type SeamEventType } from './access-codes/seam-events.ts';
export type { SeamError, SeamWarning } from './access-codes/seam-problems.ts';
export {
  type RecordOptions,
  type SeamAccessCode,
  type SeamMutation,
  type SeamStatus,
  type StaycodeFields,
  toSeamRecord,
} from './access-codes/seam-record.ts';
export {
  accessCodeIdOf,
  CONNECTED_ACCOUNT_ID,
  deviceIdOf,
  WORKSPACE_ID,
} from './access-codes/platform-ids.ts';
export { listUnitRecords, type UnitHistory, type UnitRecord } from './access-codes/unit-records.ts';
export { type ApiAccessCode, toApiRecord } from './access-codes/seam-api/api-record.ts';
export * from './access-codes/seam-api/requests.ts';
export { type CodeContent, digitsOfCode } from './access-codes/digits-of-code.ts';
export { digitsOfRecord, type TypedCode } from './access-codes/typed-record.ts';
export { nextAttemptAtMs, WEBHOOK_GIVE_UP_MS, WEBHOOK_RETRY_MS } from './access-codes/webhooks/retries.ts';
export { type CodeChange, type SeamEvent, toSeamEvent } from './access-codes/webhooks/seam-event.ts';
export { type SignedMessage, signWebhook } from './access-codes/webhooks/sign-webhook.ts';
export {
  type Belief,
  type BeliefAlert,
  type BeliefChange,
  type BeliefInput,
  type BeliefOptions,
  type BelievedStay,
  type FeedHealth,
  type FeedOptions,
  type HostWord,
  NO_BELIEF,
  parseBelief,
  type StayEvent,
} from './reservations/belief/belief.ts';
export { believe } from './reservations/belief/believe.ts';
export { inherit } from './reservations/belief/inherit.ts';
export { firstHash, formatLine, type LogLine, type LogPoint, nextHash, splitLine } from './log/chain.ts';
export type { DoorEvent, LogEntry } from './log/entry.ts';
export {
  checkSignature,
  formatHead,
  type LogHead,
  parseHead,
  readHead,
  type SignatureCheck,
  type SignedHead,
} from './log/head.ts';
export { formatHeader, isVouchedFor, type LogHeader, parseHeader } from './log/header.ts';
export { foreseePin, type ForeseenPin, type ForeseeRequest } from './programmed-locks/foresee-pin.ts';
export { hearReports, type Heard } from './programmed-locks/hear.ts';
export { type PinLimits, pinOf } from './programmed-locks/pin-choice.ts';
export { type CodeForLock, type LockPlan, planLock, type PlanRequest } from './programmed-locks/plan.ts';
export { DEFAULT_SLOT_POLICY, type SlotPolicy } from './programmed-locks/policy.ts';
export { listSlotNews, type SlotNews, type ToldSlot, UNTOLD_SLOT } from './programmed-locks/slot-news.ts';
export { type LockView, type SlotRecord, toLockList, UNSEEN_LOCK } from './programmed-locks/slot-record.ts';
export type { LockCommand, LockReport, LockTarget, MqttMessage } from './programmed-locks/target.ts';
export { type NukiHubOptions, nukiHubLock } from './programmed-locks/targets/nuki-hub.ts';
export {
  ZIGBEE_SLOTS,
  type Zigbee2MqttOptions,
  zigbee2mqttLock,
} from './programmed-locks/targets/zigbee2mqtt.ts';
export { type ZwaveJsUiOptions, zwaveJsUiLock } from './programmed-locks/targets/zwave-js-ui.ts';
export { beginLog, followLine, type LogFault, type LogState, type LogStep } from './log/follow-log.ts';
export { type LogCheck, type LogPin, type LogTrust, verifyLog } from './log/verify-log.ts';
