export { type AccessCode, isLive, stillOpen, type Unit } from './access-codes/access-code.ts';
export {
  type Ended,
  type Issue,
  issueAccessCode,
  type IssueRequest,
  withdrawAccessCodes,
  type Withheld,
} from './access-codes/issue.ts';
export { type BrokenRule, type FittedWindow, fitWindow } from './access-codes/window.ts';
export { type GuestMessage, guestMessage, type Language } from './messages/guest-message.ts';
export { type DigitsInWindow, foreseePinDigits } from './messages/short-pin.ts';
export { collide, type TimeWindow } from './stay-code/collision.ts';
