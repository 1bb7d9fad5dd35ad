/** Keys and digits: HKDF-SHA-256, the payload, and FF1 (SP 800-38G) of twelve numerals with an empty tweak. */
#include "staycode.h"
#include <string.h>

#define MAX_SLOTS 17568u
#define VARIANTS 32u
#define SLOTS_PER_YEAR 17532u
#define MINUTES_PER_YEAR 525960u

bool sc_derive(const uint8_t key[32], const char *label, const char *id, size_t id_bytes, uint32_t version,
               uint8_t out[32]) {
  static const uint8_t no_salt[32];
  uint8_t info[128], mac[SC_MAX_DIGEST_BYTES];
  size_t bytes = strlen(label);
  if (id_bytes > SC_MAX_ID_BYTES || bytes > 32) return false;
  memcpy(info, label, bytes);
  if (id_bytes > 0) {
    info[bytes++] = 0;
    memcpy(info + bytes, id, id_bytes);
    bytes += id_bytes;
  }
  if (version > 0) {
    info[bytes++] = 0;
    for (int shift = 24; shift >= 0; shift -= 8) info[bytes++] = (uint8_t)(version >> shift);
  }
  info[bytes++] = 1; /* the first and only block of HKDF-Expand */
  sc_hmac(SC_SHA256, no_salt, sizeof no_salt, key, 32, mac);
  sc_hmac(SC_SHA256, mac, 32, info, bytes, mac);
  memcpy(out, mac, 32);
  return true;
}

typedef struct {
  uint32_t radix, half; /* half: radix to the sixth */
  uint32_t start_slots, clock_minutes;
  uint64_t windows;
} alphabet;

static alphabet alphabet_of(const sc_key *key) {
  const uint32_t years = key->no_zero ? 28 : 100, start_slots = years * SLOTS_PER_YEAR;
  return (alphabet){key->no_zero ? 9 : 10, key->no_zero ? 531441 : 1000000, start_slots, years * MINUTES_PER_YEAR,
                    (uint64_t)start_slots * MAX_SLOTS * VARIANTS};
}

/* Ten rounds of FF1 over the two halves, forwards to encipher and backwards to decipher. */
static void ff1(const sc_key *key, alphabet a, uint32_t half[2], bool decipher) {
  uint8_t round_keys[SC_AES256_ROUND_KEY_BYTES];
  uint8_t p[16] = {1, 2, 1, 0, 0, (uint8_t)a.radix, 10, SC_DIGITS / 2, 0, 0, 0, SC_DIGITS, 0, 0, 0, 0};
  sc_aes256_expand(key->code_key, round_keys);
  sc_aes256_encrypt(round_keys, p);
  for (int i = 0; i < 10; i++) {
    const int round = decipher ? 9 - i : i;
    const uint32_t in = half[decipher ? 0 : 1], out = half[decipher ? 1 : 0];
    uint8_t r[16];
    uint64_t y = 0;
    memcpy(r, p, sizeof r);
    r[12] ^= (uint8_t)round, r[13] ^= (uint8_t)(in >> 16), r[14] ^= (uint8_t)(in >> 8), r[15] ^= (uint8_t)in;
    sc_aes256_encrypt(round_keys, r);
    for (int j = 0; j < 8; j++) y = y << 8 | r[j];
    const uint32_t turn = (uint32_t)(y % a.half);
    const uint32_t next = (out + (decipher ? a.half - turn : turn)) % a.half;
    half[0] = decipher ? next : in;
    half[1] = decipher ? in : next;
  }
}

bool sc_write(const sc_key *key, const sc_code *code, char digits[SC_DIGITS + 1]) {
  const alphabet a = alphabet_of(key);
  uint64_t payload = a.windows + code->start;
  if (code->kind == SC_CLOCK) {
    if (code->start >= a.clock_minutes) return false;
  } else {
    if (code->kind > SC_CLOCK || code->revision > 7 || code->start >= a.start_slots || code->slots - 1u >= MAX_SLOTS)
      return false;
    payload = ((uint64_t)code->start * MAX_SLOTS + code->slots - 1) * VARIANTS + code->kind * 8u + code->revision;
  }
  uint32_t half[2] = {(uint32_t)(payload / a.half), (uint32_t)(payload % a.half)};
  ff1(key, a, half, false);
  for (int i = SC_DIGITS - 1; i >= 0; i--) {
    uint32_t *rest = &half[i / 6];
    digits[i] = (char)((key->no_zero ? '1' : '0') + *rest % a.radix);
    *rest /= a.radix;
  }
  digits[SC_DIGITS] = 0;
  return true;
}

bool sc_read(const sc_key *key, const char *digits, size_t count, sc_code *code) {
  const alphabet a = alphabet_of(key);
  uint32_t half[2] = {0, 0};
  if (count != SC_DIGITS) return false;
  for (int i = 0; i < SC_DIGITS; i++) {
    const uint32_t numeral = (uint32_t)(unsigned char)digits[i] - (key->no_zero ? '1' : '0');
    if (numeral >= a.radix) return false;
    half[i / 6] = half[i / 6] * a.radix + numeral;
  }
  ff1(key, a, half, true);
  const uint64_t payload = (uint64_t)half[0] * a.half + half[1], window = payload / VARIANTS;
  if (payload >= a.windows) {
    *code = (sc_code){.kind = SC_CLOCK, .start = (uint32_t)(payload - a.windows)};
    return payload - a.windows < a.clock_minutes;
  }
  const uint8_t variant = payload % VARIANTS;
  *code = (sc_code){(uint32_t)(window / MAX_SLOTS), (uint16_t)(window % MAX_SLOTS + 1), variant / 8, variant % 8, 0};
  return true;
}
