/**
 * What a verdict costs, where the machine is qemu with `-icount shift=0`: an instruction is then a nanosecond of its
 * time, and the SysTick timer of a 25 MHz board counts one in 40. The stack is painted before and looked at after. On the
 * host nothing is counted.
 */
#ifndef STAYCODE_MEASURE_H
#define STAYCODE_MEASURE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __arm__
#define SYSTICK ((volatile uint32_t *)0xe000e010)
#define INSTRUCTIONS_A_TICK 40
#define PAINTED_WORDS 1024

static uint32_t *painted;

static inline void instructions_start(void) {
  SYSTICK[1] = 0xffffff;
  SYSTICK[2] = 0;
  SYSTICK[0] = 5; /* on, from the core's clock, without an interrupt */
}
static inline uint32_t instructions(void) { return SYSTICK[2]; }
static inline uint32_t instructions_since(uint32_t before) {
  return ((before - SYSTICK[2]) & 0xffffff) * INSTRUCTIONS_A_TICK;
}
static inline __attribute__((always_inline)) void paint_stack(void) {
  register uint32_t sp __asm__("sp");
  painted = (uint32_t *)sp - PAINTED_WORDS;
  for (size_t i = 0; i < PAINTED_WORDS; i++) ((volatile uint32_t *)painted)[i] = 0xa5a5a5a5u;
}
static inline uint32_t painted_stack_used(void) {
  size_t i = 0;
  while (i < PAINTED_WORDS && painted[i] == 0xa5a5a5a5u) i++;
  return (uint32_t)(PAINTED_WORDS - i) * 4;
}
#else
static inline void instructions_start(void) {}
static inline uint32_t instructions(void) { return 0; }
static inline uint32_t instructions_since(uint32_t before) { return before; }
static inline void paint_stack(void) {}
static inline uint32_t painted_stack_used(void) { return 0; }
#endif

#endif
