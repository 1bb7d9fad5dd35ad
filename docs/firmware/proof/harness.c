/**
 * Drives the verifier for the tests: commands in one file, their answers in another; on the host and, by semihosting, in
 * qemu. Around a lock it plays true time, powered time and a clock that may be off, as a scenario of the spec has it.
 */
#include "../staycode.h"
#include "measure.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STORE_MS (15 * 60000)
#define JOURNAL 64
#define MAX_WORDS 12

static const char *OUTCOMES[] = {"ignored", "opened", "done", "refused"};
static const char *REASONS[] = {"",
                                "stay",
                                "amendment",
                                "one-time",
                                "pin",
                                "staff",
                                "clock",
                                "revocation",
                                "closed",
                                "unknown",
                                "revoked",
                                "superseded",
                                "consumed",
                                "clock-lost",
                                "early",
                                "expired",
                                "replayed",
                                "clock-refused",
                                "revocation-refused",
                                "store-full",
                                "journal-failed"};
static const char *KINDS[] = {"stay", "amendment", "one-time", "revocation", "clock"};

static sc_config config;
static sc_lock lock;
static sc_state snapshot;
static sc_record journal[JOURNAL];
static int journaled;
static bool journal_fails;
static int64_t true_ms, off_ms;
static uint64_t powered_ms;

static bool append(void *context, const sc_record *record) {
  (void)context;
  if (journal_fails) return false;
  journal[journaled++] = *record;
  return true;
}

/* The lock goes on with what its journal says, after a snapshot. */
static void restart(void) {
  lock.state = snapshot;
  for (int i = 0; i < journaled; i++) sc_fold(&lock, &journal[i]);
}

static void trim(void) {
  if (journaled < JOURNAL) return;
  restart();
  snapshot = lock.state;
  journaled = 0;
}

static sc_time now(void) { return (sc_time){true_ms + off_ms, powered_ms}; }

static void begin(int64_t at_ms) {
  true_ms = at_ms, off_ms = 0, powered_ms = 0, journaled = 0, journal_fails = false;
  sc_new(&lock, &config, append, NULL, now());
  snapshot = lock.state;
}

static void advance(int64_t to_ms) {
  for (;;) {
    const int64_t until = STORE_MS - (int64_t)(powered_ms % STORE_MS);
    if (true_ms + until > to_ms) break;
    true_ms += until, powered_ms += (uint64_t)until;
    sc_store_time(&lock, now());
    trim();
  }
  powered_ms += (uint64_t)(to_ms - true_ms);
  true_ms = to_ms;
}

static sc_record enter(const char *digits, size_t count) {
  const sc_record r = sc_enter(&lock, now(), digits, count);
  if (r.reason == SC_BY_CLOCK) off_ms = r.clock_ms - true_ms;
  return r;
}

static void cut(int64_t length_ms, bool kept) {
  true_ms += length_ms;
  restart();
  sc_boot(&lock, now(), kept);
  trim();
}

static size_t bytes_of(const char *hex, uint8_t *out, size_t max) {
  size_t n = strcmp(hex, "-") == 0 ? 0 : strlen(hex) / 2;
  if (n > max) exit(2);
  for (size_t i = 0; i < n; i++) {
    const char pair[3] = {hex[2 * i], hex[2 * i + 1], 0};
    out[i] = (uint8_t)strtoul(pair, NULL, 16);
  }
  return n;
}

static void print_bytes(FILE *out, const uint8_t *bytes, size_t n) {
  for (size_t i = 0; i < n; i++) fprintf(out, "%02x", bytes[i]);
  fputc('\n', out);
}

static sc_hash hash_of(const char *name) {
  return strcmp(name, "sha1") == 0 ? SC_SHA1 : strcmp(name, "sha256") == 0 ? SC_SHA256 : SC_SHA512;
}

static sc_key key_of(char *w[]) {
  sc_key key = {.no_zero = strcmp(w[1], "no-zero") == 0};
  bytes_of(w[0], key.code_key, 32);
  return key;
}

static sc_serves serves_of(const char *word) {
  return strcmp(word, "all") == 0 ? SC_SERVES_ALL : strcmp(word, "enrolled") == 0 ? SC_SERVES_ENROLLED : SC_SERVES_NONE;
}

static uint64_t mask_of(const char *text) {
  uint64_t mask = 0;
  for (int i = 0; i < 48; i++) mask |= (uint64_t)(text[i] == '1') << i;
  return mask;
}

static uint32_t seed;
static uint32_t chance(uint32_t below) {
  seed ^= seed << 13, seed ^= seed >> 17, seed ^= seed << 5;
  return seed % below;
}

/* Entries, cuts and leaps of time at random; a third of the entries are codes about now, some with a digit changed. */
static uint32_t fuzz(uint32_t steps) {
  const int64_t from_ms = true_ms;
  uint32_t opened = 0;
  for (uint32_t i = 0; i < steps; i++) {
    char digits[33];
    if (i % 500 == 0) begin(from_ms);
    size_t count = chance(4) == 0 ? chance(33) : chance(3) == 0 ? 6 : SC_DIGITS;
    for (size_t j = 0; j < sizeof digits; j++) digits[j] = (char)(chance(200) == 0 ? chance(256) : '0' + chance(10));
    if (chance(3) == 0 && config.key_count > 0) {
      const uint32_t slot = (uint32_t)((true_ms - 1735689600000) / 1800000);
      const sc_code code = {slot + 24 - chance(48), (uint16_t)(1 + chance(chance(2) == 0 ? 48 : 17568)),
                            (uint8_t)chance(4), (uint8_t)chance(8), 0};
      const sc_code minute = {slot * 30 + 30 - chance(60), 0, SC_CLOCK, 0, 0};
      count = chance(3) == 0 ? 6 : SC_DIGITS;
      if (!sc_write(&config.keys[chance(config.key_count)], chance(8) == 0 ? &minute : &code, digits)) count = 0;
      if (chance(8) == 0) digits[chance(12)] = (char)('0' + chance(10));
    }
    if (chance(3) == 0) advance(true_ms + chance(chance(20) == 0 ? 40u * 86400000u : 3600000));
    if (chance(50) == 0) cut(chance(86400000), chance(2) == 0);
    journal_fails = chance(50) == 0;
    opened += enter(digits, count).outcome == SC_OPENED;
    trim();
    journal_fails = false;
  }
  return opened;
}

/* One command; its answer, if it has one, is a line. */
static void run(FILE *out, char *w[], int words) {
  uint8_t a[128], b[1024], c[64];
  const char *name = w[0];
  if (strcmp(name, "derive") == 0) { /* derive KEY LABEL ID VERSION, with _ for the space and hex for the id */
    for (char *p = w[2]; *p != 0; p++) *p = *p == '_' ? ' ' : *p;
    bytes_of(w[1], a, 32);
    const size_t n = bytes_of(w[3], b, sizeof b);
    if (sc_derive(a, w[2], (const char *)b, n, (uint32_t)strtoul(w[4], NULL, 10), c)) print_bytes(out, c, 32);
    else fprintf(out, "refused\n");
  } else if (strcmp(name, "aes") == 0) { /* aes KEY BLOCK */
    uint8_t round_keys[SC_AES256_ROUND_KEY_BYTES];
    bytes_of(w[1], a, 32), bytes_of(w[2], b, 16);
    sc_aes256_expand(a, round_keys);
    sc_aes256_encrypt(round_keys, b);
    print_bytes(out, b, 16);
  } else if (strcmp(name, "hmac") == 0) { /* hmac HASH KEY MESSAGE */
    static uint8_t key[512];
    const size_t key_bytes = bytes_of(w[2], key, sizeof key), n = bytes_of(w[3], b, sizeof b);
    print_bytes(out, c, sc_hmac(hash_of(w[1]), key, key_bytes, b, n, c));
  } else if (strcmp(name, "write") == 0) { /* write CODEKEY ALPHABET KIND START SLOTS REVISION */
    const sc_key key = key_of(w + 1);
    sc_code code = {(uint32_t)strtoul(w[4], NULL, 10), (uint16_t)atoi(w[5]), 0, (uint8_t)atoi(w[6]), 0};
    char digits[SC_DIGITS + 1];
    while (strcmp(KINDS[code.kind], w[3]) != 0) code.kind++;
    fprintf(out, "%s\n", sc_write(&key, &code, digits) ? digits : "refused");
  } else if (strcmp(name, "read") == 0) { /* read CODEKEY ALPHABET DIGITS */
    const sc_key key = key_of(w + 1);
    sc_code code;
    if (sc_read(&key, w[3], strlen(w[3]), &code))
      fprintf(out, "%s %lu %u %u\n", KINDS[code.kind], (unsigned long)code.start, (unsigned)code.slots,
              (unsigned)code.revision);
    else fprintf(out, "none\n");
  } else if (strcmp(name, "rules") ==
             0) { /* rules STARTMASK ENDMASK MIN MAX SKEW PIN wait|grace: a new configuration */
    memset(&config, 0, sizeof config);
    config.rules = (sc_rules){mask_of(w[1]),       mask_of(w[2]),       (uint16_t)atoi(w[3]),      (uint16_t)atoi(w[4]),
                              (uint8_t)atoi(w[5]), (uint8_t)atoi(w[6]), strcmp(w[7], "grace") == 0};
  } else if (strcmp(name, "unit") == 0) { /* unit UNITKEY ALPHABET all|enrolled */
    if (config.key_count == SC_MAX_KEYS) exit(3);
    sc_key *key = &config.keys[config.key_count++];
    *key = key_of(w + 1);
    sc_derive(key->code_key, "staycode/1 code", NULL, 0, 0, key->code_key);
    key->serves = serves_of(w[3]);
  } else if (strcmp(name, "serves") == 0) { /* serves PLACE all|enrolled|none */
    config.keys[atoi(w[1])].serves = serves_of(w[2]);
  } else if (strcmp(name, "staff") == 0) { /* staff totp|hotp SECRET DIGITS HASH */
    if (config.staff_count == SC_MAX_STAFF) exit(3);
    sc_staff *s = &config.staff[config.staff_count++];
    s->counter = strcmp(w[1], "hotp") == 0;
    s->secret_bytes = (uint8_t)bytes_of(w[2], s->secret, sizeof s->secret);
    s->digits = (uint8_t)atoi(w[3]), s->hash = hash_of(w[4]);
  } else if (strcmp(name, "begin") == 0) { /* begin AT: a new lock */
    begin(strtoll(w[1], NULL, 10));
  } else if (strcmp(name, "enter") == 0) { /* enter AT [DIGITS] */
    const char *digits = words > 2 ? w[2] : "";
    advance(strtoll(w[1], NULL, 10));
    paint_stack();
    const uint32_t before = instructions();
    const sc_record r = enter(digits, strlen(digits));
    const unsigned long ran = instructions_since(before), stack = painted_stack_used();
    fprintf(out, "%s %s %lu %lu\n", OUTCOMES[r.outcome], REASONS[r.reason], ran, stack);
    trim();
  } else if (strcmp(name, "off") == 0) { /* off AT SECONDS: the clock is so far from true time */
    advance(strtoll(w[1], NULL, 10));
    if (!lock.state.lost) off_ms = strtoll(w[2], NULL, 10) * 1000;
  } else if (strcmp(name, "cut") == 0) { /* cut AT MINUTES kept|lost */
    advance(strtoll(w[1], NULL, 10));
    cut(strtoll(w[2], NULL, 10) * 60000, strcmp(w[3], "kept") == 0);
  } else if (strcmp(name, "journal") == 0) { /* journal fails|works */
    journal_fails = strcmp(w[1], "fails") == 0;
  } else if (strcmp(name, "sizes") == 0) { /* sizes: of what a lock keeps, in bytes */
    fprintf(out, "%u %u %u %u\n", (unsigned)sizeof(sc_config), (unsigned)sizeof(sc_lock), (unsigned)sizeof(sc_accepted),
            (unsigned)sizeof(sc_record));
  } else if (strcmp(name, "fuzz") == 0) { /* fuzz SEED STEPS */
    seed = (uint32_t)strtoul(w[1], NULL, 10);
    fprintf(out, "%lu opened\n", (unsigned long)fuzz((uint32_t)strtoul(w[2], NULL, 10)));
  } else {
    exit(4);
  }
}

int main(int argc, char *argv[]) {
  static char line[4096];
  if (argc != 3) return 5;
  FILE *in = fopen(argv[1], "r"), *out = fopen(argv[2], "w");
  if (in == NULL || out == NULL) return 6;
  instructions_start();
  while (fgets(line, sizeof line, in) != NULL) {
    char *w[MAX_WORDS];
    int words = 0;
    for (char *p = strtok(line, " \n"); p != NULL && words < MAX_WORDS; p = strtok(NULL, " \n")) w[words++] = p;
    if (words > 0) run(out, w, words);
  }
  return fclose(out) == 0 ? 0 : 7;
}
