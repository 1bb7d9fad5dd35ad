/**
 * AES-256 encryption, SHA-1, SHA-256, SHA-512 and HMAC, small rather than fast. The S-box is a table: constant in time
 * on a core without a data cache (Cortex-M0 to M4), not on one with a cache.
 */
#include "crypto.h"
#include <stdbool.h>
#include <string.h>

static const uint8_t SBOX[256] = {
    0x63, 0x7c, 0x77, 0x7b, 0xf2, 0x6b, 0x6f, 0xc5, 0x30, 0x01, 0x67, 0x2b, 0xfe, 0xd7, 0xab, 0x76, 0xca, 0x82, 0xc9,
    0x7d, 0xfa, 0x59, 0x47, 0xf0, 0xad, 0xd4, 0xa2, 0xaf, 0x9c, 0xa4, 0x72, 0xc0, 0xb7, 0xfd, 0x93, 0x26, 0x36, 0x3f,
    0xf7, 0xcc, 0x34, 0xa5, 0xe5, 0xf1, 0x71, 0xd8, 0x31, 0x15, 0x04, 0xc7, 0x23, 0xc3, 0x18, 0x96, 0x05, 0x9a, 0x07,
    0x12, 0x80, 0xe2, 0xeb, 0x27, 0xb2, 0x75, 0x09, 0x83, 0x2c, 0x1a, 0x1b, 0x6e, 0x5a, 0xa0, 0x52, 0x3b, 0xd6, 0xb3,
    0x29, 0xe3, 0x2f, 0x84, 0x53, 0xd1, 0x00, 0xed, 0x20, 0xfc, 0xb1, 0x5b, 0x6a, 0xcb, 0xbe, 0x39, 0x4a, 0x4c, 0x58,
    0xcf, 0xd0, 0xef, 0xaa, 0xfb, 0x43, 0x4d, 0x33, 0x85, 0x45, 0xf9, 0x02, 0x7f, 0x50, 0x3c, 0x9f, 0xa8, 0x51, 0xa3,
    0x40, 0x8f, 0x92, 0x9d, 0x38, 0xf5, 0xbc, 0xb6, 0xda, 0x21, 0x10, 0xff, 0xf3, 0xd2, 0xcd, 0x0c, 0x13, 0xec, 0x5f,
    0x97, 0x44, 0x17, 0xc4, 0xa7, 0x7e, 0x3d, 0x64, 0x5d, 0x19, 0x73, 0x60, 0x81, 0x4f, 0xdc, 0x22, 0x2a, 0x90, 0x88,
    0x46, 0xee, 0xb8, 0x14, 0xde, 0x5e, 0x0b, 0xdb, 0xe0, 0x32, 0x3a, 0x0a, 0x49, 0x06, 0x24, 0x5c, 0xc2, 0xd3, 0xac,
    0x62, 0x91, 0x95, 0xe4, 0x79, 0xe7, 0xc8, 0x37, 0x6d, 0x8d, 0xd5, 0x4e, 0xa9, 0x6c, 0x56, 0xf4, 0xea, 0x65, 0x7a,
    0xae, 0x08, 0xba, 0x78, 0x25, 0x2e, 0x1c, 0xa6, 0xb4, 0xc6, 0xe8, 0xdd, 0x74, 0x1f, 0x4b, 0xbd, 0x8b, 0x8a, 0x70,
    0x3e, 0xb5, 0x66, 0x48, 0x03, 0xf6, 0x0e, 0x61, 0x35, 0x57, 0xb9, 0x86, 0xc1, 0x1d, 0x9e, 0xe1, 0xf8, 0x98, 0x11,
    0x69, 0xd9, 0x8e, 0x94, 0x9b, 0x1e, 0x87, 0xe9, 0xce, 0x55, 0x28, 0xdf, 0x8c, 0xa1, 0x89, 0x0d, 0xbf, 0xe6, 0x42,
    0x68, 0x41, 0x99, 0x2d, 0x0f, 0xb0, 0x54, 0xbb, 0x16};

static uint8_t doubled(uint8_t a) { return (uint8_t)((a << 1) ^ ((a >> 7) * 0x1b)); }

void sc_aes256_expand(const uint8_t key[32], uint8_t w[SC_AES256_ROUND_KEY_BYTES]) {
  uint8_t constant = 1;
  memcpy(w, key, 32);
  for (int i = 32; i < SC_AES256_ROUND_KEY_BYTES; i += 4) {
    uint8_t t[4];
    memcpy(t, w + i - 4, 4);
    if (i % 32 == 0) {
      uint8_t first = t[0];
      t[0] = SBOX[t[1]] ^ constant, t[1] = SBOX[t[2]], t[2] = SBOX[t[3]], t[3] = SBOX[first];
      constant = doubled(constant);
    } else if (i % 32 == 16) {
      for (int j = 0; j < 4; j++) t[j] = SBOX[t[j]];
    }
    for (int j = 0; j < 4; j++) w[i + j] = w[i + j - 32] ^ t[j];
  }
}

void sc_aes256_encrypt(const uint8_t w[SC_AES256_ROUND_KEY_BYTES], uint8_t s[16]) {
  for (int i = 0; i < 16; i++) s[i] ^= w[i];
  for (int round = 1; round <= 14; round++) {
    uint8_t t[16];
    /* SubBytes and ShiftRows: row r of column c comes from column c + r. */
    for (int i = 0; i < 16; i++) t[i] = SBOX[s[(i + 4 * (i % 4)) % 16]];
    for (int c = 0; c < 16; c += 4) {
      uint8_t sum = t[c] ^ t[c + 1] ^ t[c + 2] ^ t[c + 3];
      for (int r = 0; r < 4; r++) {
        uint8_t mixed = round == 14 ? 0 : sum ^ doubled(t[c + r] ^ t[c + (r + 1) % 4]);
        s[c + r] = t[c + r] ^ mixed ^ w[16 * round + c + r];
      }
    }
  }
}

static const uint64_t K[80] = {
    0x428a2f98d728ae22ull, 0x7137449123ef65cdull, 0xb5c0fbcfec4d3b2full, 0xe9b5dba58189dbbcull, 0x3956c25bf348b538ull,
    0x59f111f1b605d019ull, 0x923f82a4af194f9bull, 0xab1c5ed5da6d8118ull, 0xd807aa98a3030242ull, 0x12835b0145706fbeull,
    0x243185be4ee4b28cull, 0x550c7dc3d5ffb4e2ull, 0x72be5d74f27b896full, 0x80deb1fe3b1696b1ull, 0x9bdc06a725c71235ull,
    0xc19bf174cf692694ull, 0xe49b69c19ef14ad2ull, 0xefbe4786384f25e3ull, 0x0fc19dc68b8cd5b5ull, 0x240ca1cc77ac9c65ull,
    0x2de92c6f592b0275ull, 0x4a7484aa6ea6e483ull, 0x5cb0a9dcbd41fbd4ull, 0x76f988da831153b5ull, 0x983e5152ee66dfabull,
    0xa831c66d2db43210ull, 0xb00327c898fb213full, 0xbf597fc7beef0ee4ull, 0xc6e00bf33da88fc2ull, 0xd5a79147930aa725ull,
    0x06ca6351e003826full, 0x142929670a0e6e70ull, 0x27b70a8546d22ffcull, 0x2e1b21385c26c926ull, 0x4d2c6dfc5ac42aedull,
    0x53380d139d95b3dfull, 0x650a73548baf63deull, 0x766a0abb3c77b2a8ull, 0x81c2c92e47edaee6ull, 0x92722c851482353bull,
    0xa2bfe8a14cf10364ull, 0xa81a664bbc423001ull, 0xc24b8b70d0f89791ull, 0xc76c51a30654be30ull, 0xd192e819d6ef5218ull,
    0xd69906245565a910ull, 0xf40e35855771202aull, 0x106aa07032bbd1b8ull, 0x19a4c116b8d2d0c8ull, 0x1e376c085141ab53ull,
    0x2748774cdf8eeb99ull, 0x34b0bcb5e19b48a8ull, 0x391c0cb3c5c95a63ull, 0x4ed8aa4ae3418acbull, 0x5b9cca4f7763e373ull,
    0x682e6ff3d6b2b8a3ull, 0x748f82ee5defb2fcull, 0x78a5636f43172f60ull, 0x84c87814a1f0ab72ull, 0x8cc702081a6439ecull,
    0x90befffa23631e28ull, 0xa4506cebde82bde9ull, 0xbef9a3f7b2c67915ull, 0xc67178f2e372532bull, 0xca273eceea26619cull,
    0xd186b8c721c0c207ull, 0xeada7dd6cde0eb1eull, 0xf57d4f7fee6ed178ull, 0x06f067aa72176fbaull, 0x0a637dc5a2c898a6ull,
    0x113f9804bef90daeull, 0x1b710b35131c471bull, 0x28db77f523047d84ull, 0x32caab7b40c72493ull, 0x3c9ebe0a15c9bebcull,
    0x431d67c49c100d4cull, 0x4cc5d4becb3e42b6ull, 0x597f299cfc657e2aull, 0x5fcb6fab3ad6faecull, 0x6c44198c4a475817ull};

static uint32_t left(uint32_t x, int n) { return (x << n) | (x >> (32 - n)); }
static uint32_t right(uint32_t x, int n) { return (x >> n) | (x << (32 - n)); }
static uint64_t right64(uint64_t x, int n) { return (x >> n) | (x << (64 - n)); }

static uint64_t big_endian(const uint8_t *p, int bytes) {
  uint64_t x = 0;
  while (bytes-- > 0) x = x << 8 | *p++;
  return x;
}

/* The words of a state are 64 bits for every hash, of which SHA-1 and SHA-256 use the low half. */
static void sha1_block(uint64_t h[8], const uint8_t *block) {
  static const uint32_t k[4] = {0x5a827999u, 0x6ed9eba1u, 0x8f1bbcdcu, 0xca62c1d6u};
  uint32_t w[16], v[5];
  for (int i = 0; i < 16; i++) w[i] = (uint32_t)big_endian(block + 4 * i, 4);
  for (int i = 0; i < 5; i++) v[i] = (uint32_t)h[i];
  for (int i = 0; i < 80; i++) {
    if (i >= 16) w[i % 16] = left(w[(i + 13) % 16] ^ w[(i + 8) % 16] ^ w[(i + 2) % 16] ^ w[i % 16], 1);
    uint32_t f = i < 20              ? (v[1] & v[2]) | (~v[1] & v[3])
                 : i >= 40 && i < 60 ? (v[1] & v[2]) | (v[1] & v[3]) | (v[2] & v[3])
                                     : v[1] ^ v[2] ^ v[3];
    uint32_t t = left(v[0], 5) + f + v[4] + k[i / 20] + w[i % 16];
    v[4] = v[3], v[3] = v[2], v[2] = left(v[1], 30), v[1] = v[0], v[0] = t;
  }
  for (int i = 0; i < 5; i++) h[i] += v[i];
}

static void sha256_block(uint64_t h[8], const uint8_t *block) {
  uint32_t w[16], v[8];
  for (int i = 0; i < 16; i++) w[i] = (uint32_t)big_endian(block + 4 * i, 4);
  for (int i = 0; i < 8; i++) v[i] = (uint32_t)h[i];
  for (int i = 0; i < 64; i++) {
    if (i >= 16) {
      uint32_t a = w[(i + 1) % 16], b = w[(i + 14) % 16];
      w[i % 16] += (right(a, 7) ^ right(a, 18) ^ a >> 3) + w[(i + 9) % 16] + (right(b, 17) ^ right(b, 19) ^ b >> 10);
    }
    uint32_t t = v[7] + (right(v[4], 6) ^ right(v[4], 11) ^ right(v[4], 25)) + ((v[4] & v[5]) ^ (~v[4] & v[6])) +
                 (uint32_t)(K[i] >> 32) + w[i % 16];
    uint32_t u = (right(v[0], 2) ^ right(v[0], 13) ^ right(v[0], 22)) + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
    memmove(v + 1, v, 7 * sizeof v[0]);
    v[4] += t, v[0] = t + u;
  }
  for (int i = 0; i < 8; i++) h[i] += v[i];
}

static void sha512_block(uint64_t h[8], const uint8_t *block) {
  uint64_t w[16], v[8];
  for (int i = 0; i < 16; i++) w[i] = big_endian(block + 8 * i, 8);
  memcpy(v, h, sizeof v);
  for (int i = 0; i < 80; i++) {
    if (i >= 16) {
      uint64_t a = w[(i + 1) % 16], b = w[(i + 14) % 16];
      w[i % 16] +=
          (right64(a, 1) ^ right64(a, 8) ^ a >> 7) + w[(i + 9) % 16] + (right64(b, 19) ^ right64(b, 61) ^ b >> 6);
    }
    uint64_t t = v[7] + (right64(v[4], 14) ^ right64(v[4], 18) ^ right64(v[4], 41)) + ((v[4] & v[5]) ^ (~v[4] & v[6])) +
                 K[i] + w[i % 16];
    uint64_t u =
        (right64(v[0], 28) ^ right64(v[0], 34) ^ right64(v[0], 39)) + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
    memmove(v + 1, v, 7 * sizeof v[0]);
    v[4] += t, v[0] = t + u;
  }
  for (int i = 0; i < 8; i++) h[i] += v[i];
}

/* SHA-512 starts from these; SHA-256 from their upper halves. */
static const uint64_t START[8] = {0x6a09e667f3bcc908ull, 0xbb67ae8584caa73bull, 0x3c6ef372fe94f82bull,
                                  0xa54ff53a5f1d36f1ull, 0x510e527fade682d1ull, 0x9b05688c2b3e6c1full,
                                  0x1f83d9abfb41bd6bull, 0x5be0cd19137e2179ull};
static const uint32_t SHA1_START[5] = {0x67452301u, 0xefcdab89u, 0x98badcfeu, 0x10325476u, 0xc3d2e1f0u};

/* The digest of a, then b. */
static size_t digest(sc_hash hash, const uint8_t *a, size_t a_bytes, const uint8_t *b, size_t b_bytes, uint8_t *out) {
  const bool wide = hash == SC_SHA512;
  const size_t block_bytes = wide ? 128 : 64, word = wide ? 8 : 4, total = a_bytes + b_bytes;
  const size_t digest_bytes = hash == SC_SHA1 ? 20 : hash == SC_SHA256 ? 32 : 64;
  const size_t end = (total + 1 + 2 * word + block_bytes - 1) / block_bytes * block_bytes;
  uint64_t h[8] = {0};
  uint8_t block[128];
  for (int i = 0; i < 8; i++) h[i] = wide ? START[i] : hash == SC_SHA256 ? START[i] >> 32 : i < 5 ? SHA1_START[i] : 0;
  for (size_t i = 0; i < end; i++) {
    uint8_t byte = i < a_bytes ? a[i] : i < total ? b[i - a_bytes] : i == total ? 0x80 : 0;
    if (i >= end - 8) byte = (uint8_t)((uint64_t)total * 8 >> (8 * (end - 1 - i)));
    block[i % block_bytes] = byte;
    if (i % block_bytes != block_bytes - 1) continue;
    if (wide) sha512_block(h, block);
    else if (hash == SC_SHA256) sha256_block(h, block);
    else sha1_block(h, block);
  }
  for (size_t i = 0; i < digest_bytes; i++) out[i] = (uint8_t)(h[i / word] >> (8 * (word - 1 - i % word)));
  return digest_bytes;
}

size_t sc_hmac(sc_hash hash, const uint8_t *key, size_t key_bytes, const uint8_t *message, size_t message_bytes,
               uint8_t mac[SC_MAX_DIGEST_BYTES]) {
  const size_t block_bytes = hash == SC_SHA512 ? 128 : 64;
  uint8_t pad[128] = {0}, inner[SC_MAX_DIGEST_BYTES];
  if (key_bytes > block_bytes) digest(hash, key, key_bytes, NULL, 0, pad);
  else if (key_bytes > 0) memcpy(pad, key, key_bytes);
  for (size_t i = 0; i < block_bytes; i++) pad[i] ^= 0x36;
  size_t bytes = digest(hash, pad, block_bytes, message, message_bytes, inner);
  for (size_t i = 0; i < block_bytes; i++) pad[i] ^= 0x36 ^ 0x5c;
  return digest(hash, pad, block_bytes, inner, bytes, mac);
}
