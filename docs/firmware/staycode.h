/**
 * staycode/1 for a lock's microcontroller: the keys, the twelve digits, and what a lock does with an entry.
 *
 * No heap, no stdio, no global state: a lock is one sc_lock, and every size is fixed here. The port hands in the time,
 * the entry and a journal; it gets a verdict, and moves the bolt only then. Times are milliseconds: of the clock since
 * 1970 UTC, and of powered time over the lock's whole life, which never falls. Rules have the numbers of the spec.
 */
#ifndef STAYCODE_H
#define STAYCODE_H

#include "crypto.h"
#include <stdbool.h>

#define SC_DIGITS 12
#define SC_MAX_ID_BYTES 64
/* The sizes of a lock; a build may set its own. A full table of codes refuses new ones and drops none early. */
#ifndef SC_MAX_KEYS
#define SC_MAX_KEYS 4
#endif
#ifndef SC_MAX_STAFF
#define SC_MAX_STAFF 8
#endif
#ifndef SC_MAX_CODES
#define SC_MAX_CODES 64
#endif

typedef enum { SC_STAY, SC_AMENDMENT, SC_ONE_TIME, SC_REVOCATION, SC_CLOCK } sc_kind;

/** What a code says: `slots` half hours from half hour `start` since 2025-01-01T00:00Z, or a minute `start`. */
typedef struct {
  uint32_t start;
  uint16_t slots;
  uint8_t kind, revision;
  uint8_t key; /* its key's place in the keyring; set by the lock */
} sc_code;

/** Whom a key serves: after a changeover the older version only who has been in, after an emergency nobody. */
typedef enum { SC_SERVES_ALL, SC_SERVES_ENROLLED, SC_SERVES_NONE } sc_serves;

/** A unit's key as the lock keeps it: the code key, not the unit key. */
typedef struct {
  uint8_t code_key[32];
  bool no_zero; /* the keypads of the unit have no 0 */
  sc_serves serves;
} sc_key;

/** Derives under `key` by HKDF-SHA-256. `label` is "staycode/1 unit" or "staycode/1 lock" with an id (UTF-8, as the spec
 * has it) and a version from 1, "staycode/1 command" with an id, or "staycode/1 code". False: the id is too long. */
bool sc_derive(const uint8_t key[32], const char *label, const char *id, size_t id_bytes, uint32_t version,
               uint8_t out[32]);

/** Writes the twelve digits of a code, and a 0 after them. False: a number is out of the range of the alphabet. */
bool sc_write(const sc_key *key, const sc_code *code, char digits[SC_DIGITS + 1]);

/** Reads twelve digits. False: not twelve symbols of the alphabet, or a payload that no code has. */
bool sc_read(const sc_key *key, const char *digits, size_t count, sc_code *code);

/** The stay rules; bit i of a mask is half hour i of the UTC day. */
typedef struct {
  uint64_t start_mask, end_mask;
  uint16_t min_slots, max_slots; /* 1 to 17,568 */
  uint8_t skew_minutes;          /* 0 to 30 */
  uint8_t pin_digits;            /* 0, 6 or 8 */
  bool grace;                    /* while the clock is lost */
} sc_rules;

/** A secret of staff: RFC 6238, or RFC 4226 with a counter. */
typedef struct {
  uint8_t secret[64], secret_bytes;
  uint8_t digits; /* 6 or 8 */
  sc_hash hash;
  bool counter;
} sc_staff;

/** What a lock is given. Places are names: a new key or secret goes to the end, and no place is used again. */
typedef struct {
  sc_key keys[SC_MAX_KEYS];
  uint8_t key_count;
  sc_rules rules;
  sc_staff staff[SC_MAX_STAFF];
  uint8_t staff_count;
} sc_config;

typedef struct {
  int64_t clock_ms; /* ignored while the lock holds its clock for lost */
  uint64_t powered_ms;
} sc_time;

typedef enum { SC_IGNORED, SC_OPENED, SC_DONE, SC_REFUSED } sc_outcome;
typedef enum {
  SC_NO_REASON,
  SC_BY_STAY,
  SC_BY_AMENDMENT,
  SC_BY_ONE_TIME,
  SC_BY_PIN,
  SC_BY_STAFF,
  SC_BY_CLOCK,
  SC_BY_REVOCATION,
  SC_CLOSED,
  SC_UNKNOWN,
  SC_REVOKED,
  SC_SUPERSEDED,
  SC_CONSUMED,
  SC_CLOCK_LOST,
  SC_EARLY,
  SC_EXPIRED,
  SC_REPLAYED,
  SC_CLOCK_REFUSED,
  SC_REVOCATION_REFUSED,
  SC_STORE_FULL,
  SC_JOURNAL_FAILED
} sc_reason;

/** What happened, with all that it changes: what the journal keeps. It holds no digits. */
typedef struct {
  enum { SC_ENTRY, SC_TIME_STORED, SC_BOOT } type;
  sc_outcome outcome;
  sc_reason reason;
  bool twelve, lost;
  int64_t at_ms; /* the clock's time, or with the clock lost the spec's L */
  uint64_t powered_ms;
  sc_code code;     /* of an accepted code */
  int64_t clock_ms; /* of a clock code that was taken, or waits for one to confirm it; else 0 */
  uint8_t staff;    /* whose code it was, and its step or counter */
  int64_t staff_count;
} sc_record;

typedef struct {
  sc_code code;
  uint32_t pin;   /* its first eight digits, while they open */
  uint16_t owner; /* the place of the code for which they open: its own, or an amendment's */
  bool used;
} sc_accepted;

typedef struct {
  uint32_t owed_ms; /* wrong entries, each as the powered time that takes it away */
  uint64_t since_ms, closed_ms;
  uint32_t wait_ms;
} sc_guesses;

/** What a lock remembers. It holds no pointers: a port may store it whole, and the journal only from there on. */
typedef struct {
  sc_accepted accepted[SC_MAX_CODES];
  int64_t staff_last[SC_MAX_STAFF];
  sc_guesses guesses[2]; /* short, twelve digits */
  uint64_t next_try_ms;
  bool lost;
  int64_t stored_ms; /* the spec's T, and the powered time from which L counts */
  uint64_t stored_powered_ms;
  int64_t last_accepted_ms, last_clock_code_ms, waiting_clock_ms;
} sc_state;

/** Returns true once a record is durable: written and synced, so that a power cut a moment later cannot lose it. */
typedef bool (*sc_journal)(void *context, const sc_record *record);

typedef struct {
  const sc_config *config;
  sc_journal journal;
  void *context;
  sc_state state;
} sc_lock;

/** A lock that has seen nothing yet, with a right clock. */
void sc_new(sc_lock *lock, const sc_config *config, sc_journal journal, void *context, sc_time now);

/** Puts a record of the journal back into memory: at a start, for each in order after sc_new or a snapshot. */
void sc_fold(sc_lock *lock, const sc_record *record);

/** After a start, once the journal is folded. `clock_kept`: the clock ran on meanwhile. False: the journal failed. */
bool sc_boot(sc_lock *lock, sc_time now, bool clock_kept);

/** Every 15 minutes of powered time. False: the journal failed. */
bool sc_store_time(sc_lock *lock, sc_time now);

/** Judges one whole entry, ASCII digits without the enter key. The record is in the journal when this returns. Its outcome
 * is the verdict: SC_OPENED moves the bolt, SC_DONE with SC_BY_CLOCK sets the clock to clock_ms, and refusals all look
 * alike at the door. SC_IGNORED: empty, or not digits. SC_JOURNAL_FAILED: nothing opens and nothing is remembered. */
sc_record sc_enter(sc_lock *lock, sc_time now, const char *digits, size_t count);

#endif
