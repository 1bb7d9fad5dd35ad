/**
 * What the verifier asks of a cryptographic library: AES-256 of one block, and HMAC. crypto.c has both in plain C. Where
 * the chip has them in hardware, or the firmware links a library already, put that behind these functions instead.
 */
#ifndef STAYCODE_CRYPTO_H
#define STAYCODE_CRYPTO_H

#include <stddef.h>
#include <stdint.h>

#define SC_AES256_ROUND_KEY_BYTES 240
#define SC_MAX_DIGEST_BYTES 64

typedef enum { SC_SHA1, SC_SHA256, SC_SHA512 } sc_hash;

/** The key schedule of AES-256. Source: FIPS 197, 5.2. */
void sc_aes256_expand(const uint8_t key[32], uint8_t round_keys[SC_AES256_ROUND_KEY_BYTES]);

/** Encrypts one block in place. Source: FIPS 197, 5.1. */
void sc_aes256_encrypt(const uint8_t round_keys[SC_AES256_ROUND_KEY_BYTES], uint8_t block[16]);

/** HMAC (RFC 2104) with SHA-1, SHA-256 or SHA-512 (FIPS 180-4). Returns the bytes of the MAC: 20, 32 or 64. */
size_t sc_hmac(sc_hash hash, const uint8_t *key, size_t key_bytes, const uint8_t *message, size_t message_bytes,
               uint8_t mac[SC_MAX_DIGEST_BYTES]);

#endif
