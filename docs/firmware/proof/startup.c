/** From reset to main on the board that qemu plays, with the two file names that semihosting hands over. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

extern uint32_t __stack, __data_from, __data_start, __data_end, __bss_start__, __bss_end__;
void initialise_monitor_handles(void);
int main(int argc, char *argv[]);

static char line[512];

static void read_command_line(void) {
  struct {
    char *text;
    uint32_t size;
  } block = {line, sizeof line};
  register uint32_t operation __asm__("r0") = 0x15; /* SYS_GET_CMDLINE */
  register void *argument __asm__("r1") = &block;
  __asm__ volatile("bkpt 0xab" : "+r"(operation) : "r"(argument) : "memory");
}

void reset(void) {
  for (uint32_t *from = &__data_from, *to = &__data_start; to < &__data_end;) *to++ = *from++;
  for (uint32_t *to = &__bss_start__; to < &__bss_end__;) *to++ = 0;
  initialise_monitor_handles();
  read_command_line();
  char *argv[4];
  int argc = 0;
  for (char *word = strtok(line, " "); word != NULL && argc < 4; word = strtok(NULL, " ")) argv[argc++] = word;
  exit(main(argc, argv));
}

static void fault(void) { _Exit(1); }

__attribute__((section(".vectors"), used)) static const void *const VECTORS[16] = {
    &__stack, (void *)reset, (void *)fault, (void *)fault, (void *)fault, (void *)fault, (void *)fault};
