/** Codes of authenticator apps and of a sealed list of counters. Source: spec, rule 7. */
import { cutPower, enter, flatA, hotp, type Scenario, scenario, setClockOff, staff, totp } from './parts.ts';

const cleaner = staff('cleaner', 'totp');
const owner = staff('owner', 'totp', { digits: 6, hash: 'sha256' });
const agent = staff('agent', 'totp', { hash: 'sha512' });
const glass = staff('break glass', 'hotp');

export const staffCodes: Scenario[] = [
  scenario(
    'TOTP: two steps of drift each way, to the second',
    [
      enter('2026-12-03 15:00:00', totp(cleaner, '2026-12-03 14:58:59'), 'refused unknown'),
      enter('2026-12-03 15:00:00', totp(cleaner, '2026-12-03 15:01:30'), 'refused unknown'),
      enter('2026-12-03 15:00:00', totp(cleaner, '2026-12-03 14:59:00'), 'opened staff'),
      enter('2026-12-03 15:00:00', totp(cleaner, '2026-12-03 15:01:29'), 'opened staff'),
    ],
    { staff: [cleaner] },
  ),
  scenario(
    'TOTP: each step later than the last accepted; older ones are replays while they are within the drift',
    [
      enter('2026-12-03 15:00:00', totp(cleaner, '2026-12-03 15:00:00'), 'opened staff'),
      enter('2026-12-03 15:00:01', totp(cleaner, '2026-12-03 15:00:01'), 'refused replayed'),
      enter('2026-12-03 15:00:02', totp(cleaner, '2026-12-03 14:59:30'), 'refused replayed'),
      enter('2026-12-03 15:01:29', totp(cleaner, '2026-12-03 15:00:00'), 'refused replayed'),
      enter('2026-12-03 15:01:29', totp(cleaner, '2026-12-03 15:00:30'), 'opened staff'),
      enter('2026-12-03 15:02:00', totp(cleaner, '2026-12-03 15:00:00'), 'refused unknown'),
    ],
    { staff: [cleaner] },
  ),
  scenario(
    'TOTP: six digits and other hashes, each secret with steps of its own',
    [
      enter('2026-12-03 15:00:00', totp(owner, '2026-12-03 15:00:00'), 'opened staff'),
      enter('2026-12-03 15:00:01', totp(agent, '2026-12-03 15:00:00'), 'opened staff'),
      enter('2026-12-03 15:00:02', totp(cleaner, '2026-12-03 15:00:00'), 'opened staff'),
      enter('2026-12-03 15:00:03', totp(agent, '2026-12-03 15:00:00'), 'refused replayed'),
      enter('2026-12-03 15:00:04', totp(owner, '2026-12-03 15:00:00'), 'refused replayed'),
    ],
    { staff: [cleaner, owner, agent] },
  ),
  scenario(
    'TOTP: goes by the clock of the lock, and not at all while that is lost',
    [
      setClockOff('2026-12-03 14:00', 120),
      enter('2026-12-03 15:00:00', totp(cleaner, '2026-12-03 15:00:00'), 'refused unknown'),
      enter('2026-12-03 15:00:00', totp(cleaner, '2026-12-03 15:02:00'), 'opened staff'),
      cutPower('2026-12-03 16:00', 10, 'lost'),
      enter('2026-12-03 16:10:00', totp(cleaner, '2026-12-03 16:10:00'), 'refused unknown'),
      enter('2026-12-03 16:11:00', flatA.clock('2026-12-03 16:11'), 'done clock'),
      enter('2026-12-03 16:11:01', totp(cleaner, '2026-12-03 16:11:01'), 'opened staff'),
    ],
    { staff: [cleaner] },
  ),
  scenario(
    'HOTP: from counter 0, ten ahead, and the last ten are replays',
    [
      enter('2026-12-03 15:00', hotp(glass, 10), 'refused unknown'),
      enter('2026-12-03 15:01', hotp(glass, 0), 'opened staff'),
      enter('2026-12-03 15:02', hotp(glass, 0), 'refused replayed'),
      enter('2026-12-03 15:03', hotp(glass, 11), 'refused unknown'),
      enter('2026-12-03 18:03', hotp(glass, 10), 'opened staff'),
      enter('2026-12-03 18:04', hotp(glass, 1), 'refused replayed'),
      enter('2026-12-03 18:05', hotp(glass, 0), 'refused unknown'),
      enter('2026-12-03 18:06', hotp(glass, 11), 'opened staff'),
      enter('2026-12-03 18:07', hotp(glass, 1), 'refused unknown'),
    ],
    { staff: [glass] },
  ),
  scenario(
    'break glass: a counter code opens with the clock lost and before any clock code',
    [
      cutPower('2026-12-03 15:00', 600, 'lost'),
      enter('2026-12-04 02:00', hotp(glass, 0), 'opened staff'),
      enter('2026-12-04 02:01', hotp(glass, 0), 'refused replayed'),
      enter('2026-12-04 02:02', hotp(glass, 1), 'opened staff'),
    ],
    { staff: [glass] },
  ),
  scenario(
    'staff codes are short entries: they count, and they wait while those are closed',
    [
      enter('2026-12-03 15:00:00', '11111111', 'refused unknown'),
      enter('2026-12-03 15:00:00', '222222', 'refused unknown'),
      enter('2026-12-03 15:00:00', hotp(glass, 0), 'opened staff'),
      enter('2026-12-03 15:00:00', hotp(glass, 0), 'refused replayed'),
      enter('2026-12-03 15:00:00', '3', 'refused unknown'),
      enter('2026-12-03 15:00:00', '4444444444444', 'refused unknown'),
      enter('2026-12-03 15:00:59', hotp(glass, 1), 'refused closed'),
      enter('2026-12-03 15:01:00', hotp(glass, 1), 'opened staff'),
    ],
    { staff: [glass] },
  ),
];
