/**
 * Every runtime in one bundle, so that the nodes share core's classes and one handle on the register.
 * @module
 */
export { stayApi } from './stay-api/stay-api.mts';
export { stayBoard } from '../plugins/stay-board/stay-board.mts';
export { stayCode } from './stay-code/stay-code.mts';
export { stayFeed } from './stay-feed/stay-feed.mts';
export { stayLock } from './stay-lock/stay-lock.mts';
export { stayLockIn } from './stay-lock-in/stay-lock-in.mts';
export { stayMessage } from './stay-message/stay-message.mts';
export { stayPms } from './stay-pms/stay-pms.mts';
export { stayLockOut } from './stay-lock-out/stay-lock-out.mts';
export { stayProgram } from './stay-program/stay-program.mts';
export { staySite } from './stay-site/stay-site.mts';
export { stayTonight } from './stay-tonight/stay-tonight.mts';
export { stayUnit } from './stay-unit/stay-unit.mts';
export { stayVerify } from './stay-verify/stay-verify.mts';
