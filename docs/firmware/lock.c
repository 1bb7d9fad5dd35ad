/** What a lock does with an entry. Judging changes nothing: a record is made, made durable, then folded into memory. */
#include "staycode.h"
#include <string.h>

#define MINUTE_MS 60000
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * (int64_t)HOUR_MS)
#define SLOT_MS (30 * MINUTE_MS)
#define EPOCH_MS 1735689600000 /* 2025-01-01T00:00Z */
#define ENROLLED_TRY_MS 10000
#define TOTP_STEP_MS 30000
#define NO_PIN UINT32_MAX

static int64_t start_of(const sc_code *c) { return EPOCH_MS + (int64_t)c->start * SLOT_MS; }
static int64_t end_of(const sc_code *c) { return EPOCH_MS + ((int64_t)c->start + c->slots) * SLOT_MS; }
static int64_t skew_of(const sc_lock *l) { return (int64_t)l->config->rules.skew_minutes * MINUTE_MS; }
static bool is_stay(const sc_code *c) { return c->kind == SC_STAY || c->kind == SC_AMENDMENT; }
static bool is_short(const sc_code *c) { return c->slots <= 48; }
static bool same_window(const sc_code *a, const sc_code *b) { return a->start == b->start && a->slots == b->slots; }
static bool same_code(const sc_code *a, const sc_code *b) {
  return a->key == b->key && same_window(a, b) && a->kind == b->kind && a->revision == b->revision;
}

static bool meets_rules(const sc_lock *l, const sc_code *c) {
  const sc_rules *r = &l->config->rules;
  return c->slots >= r->min_slots && c->slots <= r->max_slots && (r->start_mask >> c->start % 48 & 1) != 0 &&
         (r->end_mask >> (c->start + c->slots) % 48 & 1) != 0;
}

/* Rule 3. */
static bool collide(const sc_code *a, const sc_code *b) {
  const int64_t a_end = (int64_t)a->start + a->slots, b_end = (int64_t)b->start + b->slots;
  const int64_t shared = (a_end < b_end ? a_end : b_end) - (a->start > b->start ? a->start : b->start);
  return shared > 8 || (shared > 0 && shared * 2 > (a->slots < b->slots ? a->slots : b->slots));
}

static sc_accepted *accepted_as(sc_lock *l, const sc_code *c) {
  for (sc_accepted *s = l->state.accepted; s < l->state.accepted + SC_MAX_CODES; s++)
    if (s->used && same_code(&s->code, c)) return s;
  return NULL;
}

/* Rules 3 and 5: SC_NO_REASON while it lives. */
static sc_reason death_of(const sc_lock *l, const sc_code *c) {
  sc_reason death = SC_NO_REASON;
  for (const sc_accepted *s = l->state.accepted; s < l->state.accepted + SC_MAX_CODES; s++) {
    const sc_code *by = &s->code;
    if (!s->used || by->key != c->key) continue;
    if (by->kind == SC_REVOCATION && (is_stay(c) ? meets_rules(l, by) && collide(by, c) && by->revision >= c->revision
                                                 : is_short(by) && same_window(by, c) && by->revision == c->revision))
      return SC_REVOKED;
    if (is_stay(c) && is_stay(by) && collide(by, c) && by->revision > c->revision) death = SC_SUPERSEDED;
  }
  return death;
}

/* Rules 1 and 8. */
static bool opens_now(const sc_lock *l, const sc_record *now, const sc_code *c, bool enrolled, bool by_pin) {
  const bool grace = l->config->rules.grace;
  if (!now->lost) return start_of(c) - skew_of(l) <= now->at_ms && now->at_ms < end_of(c) + skew_of(l);
  if (now->at_ms >= end_of(c) || !(enrolled || grace)) return false;
  return start_of(c) <= now->at_ms + (grace && !by_pin ? 48 * (int64_t)HOUR_MS : 0);
}

static bool is_live(const sc_lock *l, const sc_record *now, const sc_accepted *s, bool by_pin) {
  const sc_code *c = &s->code;
  return s->used && is_stay(c) && l->config->keys[c->key].serves != SC_SERVES_NONE && meets_rules(l, c) &&
         opens_now(l, now, c, true, by_pin) && death_of(l, c) == SC_NO_REASON;
}

/* The code whose PIN this is; `pin` has as many digits as the rules say. */
static const sc_accepted *find_pin(const sc_lock *l, const sc_record *now, uint32_t pin, bool by_pin) {
  const uint32_t beyond = l->config->rules.pin_digits == 6 ? 100 : 1;
  for (const sc_accepted *s = l->state.accepted; s < l->state.accepted + SC_MAX_CODES; s++) {
    if (!s->used || s->pin == NO_PIN || s->pin / beyond != pin) continue;
    if (is_live(l, now, &l->state.accepted[s->owner], by_pin)) return &l->state.accepted[s->owner];
  }
  return NULL;
}

static uint32_t number_of(const char *digits, size_t count) {
  uint32_t number = 0;
  while (count-- > 0) number = number * 10 + (uint32_t)(*digits++ - '0');
  return number;
}

/* Rule 7: RFC 4226, 5.3. */
static bool is_password(const sc_staff *s, int64_t counter, uint32_t entry) {
  uint8_t message[8], mac[SC_MAX_DIGEST_BYTES];
  for (int i = 0; i < 8; i++) message[i] = (uint8_t)((uint64_t)counter >> (56 - 8 * i));
  const uint8_t *at = mac + (mac[sc_hmac(s->hash, s->secret, s->secret_bytes, message, sizeof message, mac) - 1] & 15);
  const uint32_t number = ((uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3]) & 0x7fffffff;
  return number % (s->digits == 6 ? 1000000 : 100000000) == entry;
}

static void judge_staff(const sc_lock *l, sc_record *r, uint32_t entry, size_t count) {
  for (uint8_t i = 0; i < l->config->staff_count; i++) {
    const sc_staff *s = &l->config->staff[i];
    const int64_t last = l->state.staff_last[i], step = r->at_ms / TOTP_STEP_MS;
    if (s->digits != count || (!s->counter && r->lost)) continue;
    int64_t c = !s->counter ? step - 2 : last > 9 ? last - 9 : 0;
    for (const int64_t to = s->counter ? last + 10 : step + 2; c <= to; c++) {
      if (!is_password(s, c, entry)) continue;
      r->reason = SC_REPLAYED;
      if (c <= last) continue;
      r->outcome = SC_OPENED, r->reason = SC_BY_STAFF, r->staff = i, r->staff_count = c;
      return;
    }
  }
}

static void judge_short(const sc_lock *l, sc_record *r, const char *digits, size_t count) {
  if (count > 8) return;
  const uint32_t entry = number_of(digits, count);
  const bool pin = count == l->config->rules.pin_digits && find_pin(l, r, entry, true) != NULL;
  if (pin) r->outcome = SC_OPENED, r->reason = SC_BY_PIN;
  else judge_staff(l, r, entry, count);
}

/* Rule 8. */
static void judge_clock(const sc_lock *l, sc_record *r, const sc_code *c) {
  const sc_state *s = &l->state;
  const int64_t time = EPOCH_MS + (int64_t)c->start * MINUTE_MS, ahead = time - (r->lost ? s->stored_ms : r->at_ms);
  const int64_t later = time - s->waiting_clock_ms;
  r->reason = SC_CLOCK_REFUSED;
  if (time <= s->last_clock_code_ms) return;
  if (r->lost ? ahead < 0 || ahead > 400 * DAY_MS
              : ahead > 12 * HOUR_MS || ahead < -30 * MINUTE_MS || time < s->last_accepted_ms)
    return;
  r->clock_ms = time;
  if (r->lost && ahead > 31 * DAY_MS && (later < MINUTE_MS || later > 10 * MINUTE_MS)) return;
  r->outcome = SC_DONE, r->reason = SC_BY_CLOCK;
}

static sc_accepted *free_place(sc_lock *l) {
  for (sc_accepted *s = l->state.accepted; s < l->state.accepted + SC_MAX_CODES; s++)
    if (!s->used) return s;
  return NULL;
}

static void judge_code(sc_lock *l, sc_record *r, const sc_code *c) {
  const bool known = accepted_as(l, c) != NULL;
  const sc_serves serves = l->config->keys[c->key].serves;
  if (serves == SC_SERVES_NONE || (serves == SC_SERVES_ENROLLED && !known)) return;
  if (c->kind == SC_CLOCK) {
    judge_clock(l, r, c);
  } else if (c->kind == SC_REVOCATION) {
    if (!meets_rules(l, c) && !is_short(c)) return;
    if (r->at_ms >= end_of(c) || start_of(c) > r->at_ms + 31 * DAY_MS) r->reason = SC_REVOCATION_REFUSED;
    else if (!known && free_place(l) == NULL) r->reason = SC_STORE_FULL;
    else r->outcome = SC_DONE, r->reason = SC_BY_REVOCATION, r->code = *c;
  } else {
    if (c->kind == SC_ONE_TIME ? !is_short(c) : !meets_rules(l, c)) return;
    const sc_reason death = death_of(l, c);
    if (death != SC_NO_REASON) r->reason = death;
    else if (known && c->kind == SC_ONE_TIME) r->reason = SC_CONSUMED;
    else if (!opens_now(l, r, c, known, false))
      r->reason = r->lost ? SC_CLOCK_LOST : r->at_ms < start_of(c) ? SC_EARLY : SC_EXPIRED;
    else if (!known && free_place(l) == NULL) r->reason = SC_STORE_FULL;
    else r->outcome = SC_OPENED, r->reason = (sc_reason)(SC_BY_STAY + c->kind), r->code = *c;
  }
}

/* The first acceptance wins; else the first key under which the payload meets the rules says why not. */
static void judge_twelve(sc_lock *l, sc_record *r, const char *digits, bool closed) {
  const sc_record unread = *r;
  for (uint8_t key = 0; key < l->config->key_count && r->outcome == SC_REFUSED; key++) {
    sc_record here = unread;
    sc_code c;
    if (!sc_read(&l->config->keys[key], digits, SC_DIGITS, &c)) continue;
    c.key = key;
    if (closed && !(is_stay(&c) && accepted_as(l, &c) != NULL)) continue;
    judge_code(l, &here, &c);
    if (here.outcome != SC_REFUSED || (!closed && r->reason == SC_UNKNOWN)) *r = here;
  }
}

static bool is_closed(const sc_guesses *g, uint64_t powered_ms) { return powered_ms < g->closed_ms + g->wait_ms; }

/* Rule 9. The time that takes one wrong entry away is also the longest wait. */
static void count_wrong(sc_guesses *g, uint64_t powered_ms, bool twelve) {
  const uint32_t one = twelve ? HOUR_MS / 2 : HOUR_MS;
  const uint64_t passed = powered_ms - g->since_ms;
  g->owed_ms = (passed < g->owed_ms ? g->owed_ms - (uint32_t)passed : 0) + one;
  g->since_ms = powered_ms;
  if (g->owed_ms <= 4 * one) return;
  const uint32_t over = (g->owed_ms - 1) / one - 4; /* ceil(count) - 5 */
  g->closed_ms = powered_ms;
  g->wait_ms = over < 6 && (uint32_t)MINUTE_MS << over < one ? (uint32_t)MINUTE_MS << over : one;
}

/* Rules 2 and 4: an amendment takes over the PINs of what it ends; else the code's own beginning opens. */
static void enrol(sc_lock *l, const sc_record *r) {
  sc_accepted *all = l->state.accepted, *mine = free_place(l);
  bool heir = false;
  for (sc_accepted *s = all; s < all + SC_MAX_CODES && r->code.kind == SC_AMENDMENT; s++) {
    if (!s->used || s->pin == NO_PIN) continue;
    const sc_accepted *owner = &all[s->owner];
    if (owner->code.key != r->code.key || owner->code.revision >= r->code.revision) continue;
    if (!collide(&owner->code, &r->code) || !is_live(l, r, owner, false)) continue;
    s->owner = (uint16_t)(mine - all), heir = true;
  }
  *mine = (sc_accepted){r->code, NO_PIN, (uint16_t)(mine - all), true};
  char digits[SC_DIGITS + 1];
  const uint8_t pin_digits = l->config->rules.pin_digits;
  if (heir || pin_digits == 0 || !is_stay(&r->code) || !sc_write(&l->config->keys[r->code.key], &r->code, digits))
    return;
  if (find_pin(l, r, number_of(digits, pin_digits), false) == NULL) mine->pin = number_of(digits, 8);
}

/* A code is kept as long as it or its PIN could matter, and a day longer; the PIN as long as its owner is. */
static void forget(sc_lock *l, int64_t now_ms) {
  sc_accepted *all = l->state.accepted;
  const int64_t longest = (int64_t)l->config->rules.max_slots * SLOT_MS;
  for (sc_accepted *s = all; s < all + SC_MAX_CODES; s++) {
    if (!s->used) continue;
    const bool stays = is_stay(&s->code) || (s->code.kind == SC_REVOCATION && meets_rules(l, &s->code));
    if (s->pin != NO_PIN && now_ms >= end_of(&all[s->owner].code) + longest + DAY_MS) s->pin = NO_PIN;
    s->used = s->pin != NO_PIN || now_ms < end_of(&s->code) + (stays ? longest : skew_of(l)) + DAY_MS;
  }
}

void sc_fold(sc_lock *l, const sc_record *r) {
  sc_state *s = &l->state;
  sc_guesses *g = &s->guesses[r->twelve];
  int64_t now_ms = r->at_ms;
  if (r->type == SC_BOOT) {
    for (int i = 0; i < 2; i++)
      if (is_closed(&s->guesses[i], r->powered_ms)) s->guesses[i].closed_ms = r->powered_ms;
    s->lost = r->lost, s->stored_powered_ms = r->powered_ms;
    return;
  }
  if (r->type == SC_ENTRY) {
    if (!is_closed(g, r->powered_ms) && r->outcome == SC_REFUSED) count_wrong(g, r->powered_ms, r->twelve);
    else if (is_closed(g, r->powered_ms) && r->twelve) s->next_try_ms = r->powered_ms + ENROLLED_TRY_MS;
    if (r->reason == SC_BY_STAFF) s->staff_last[r->staff] = r->staff_count;
    if (r->reason == SC_BY_CLOCK)
      now_ms = s->last_clock_code_ms = r->clock_ms, s->lost = false, s->waiting_clock_ms = 0;
    else if (r->clock_ms != 0) s->waiting_clock_ms = r->clock_ms;
    /* A clock code counts at the time that it set: else one that set a fast clock back would refuse the next. */
    if (r->outcome != SC_REFUSED) s->last_accepted_ms = now_ms;
    const bool code = r->reason == SC_BY_REVOCATION || (r->reason >= SC_BY_STAY && r->reason <= SC_BY_ONE_TIME);
    if (code && accepted_as(l, &r->code) == NULL && free_place(l) != NULL) enrol(l, r);
  }
  s->stored_ms = now_ms, s->stored_powered_ms = r->powered_ms;
  forget(l, now_ms);
}

static sc_record record_at(const sc_lock *l, sc_time now) {
  const sc_state *s = &l->state;
  const int64_t at_ms = s->lost ? s->stored_ms + (int64_t)(now.powered_ms - s->stored_powered_ms) : now.clock_ms;
  return (sc_record){.lost = s->lost, .at_ms = at_ms, .powered_ms = now.powered_ms};
}

static bool keep(sc_lock *l, const sc_record *r) {
  if (!l->journal(l->context, r)) return false;
  sc_fold(l, r);
  return true;
}

void sc_new(sc_lock *l, const sc_config *config, sc_journal journal, void *context, sc_time now) {
  memset(l, 0, sizeof *l);
  l->config = config, l->journal = journal, l->context = context;
  l->state.stored_ms = now.clock_ms, l->state.stored_powered_ms = now.powered_ms;
  for (int i = 0; i < SC_MAX_STAFF; i++) l->state.staff_last[i] = -1;
}

bool sc_store_time(sc_lock *l, sc_time now) {
  sc_record r = record_at(l, now);
  r.type = SC_TIME_STORED;
  return keep(l, &r);
}

bool sc_boot(sc_lock *l, sc_time now, bool clock_kept) {
  const bool lost = l->state.lost || !clock_kept;
  const sc_record r = {
      .type = SC_BOOT, .lost = lost, .at_ms = lost ? l->state.stored_ms : now.clock_ms, .powered_ms = now.powered_ms};
  return keep(l, &r);
}

sc_record sc_enter(sc_lock *l, sc_time now, const char *digits, size_t count) {
  sc_record r = record_at(l, now);
  for (size_t i = 0; i < count; i++)
    if (digits[i] < '0' || digits[i] > '9') return r;
  if (count == 0) return r;
  r.type = SC_ENTRY, r.outcome = SC_REFUSED, r.reason = SC_UNKNOWN, r.twelve = count == SC_DIGITS;
  const bool closed = is_closed(&l->state.guesses[r.twelve], r.powered_ms);
  if (closed) r.reason = SC_CLOSED;
  if (r.twelve && !(closed && r.powered_ms < l->state.next_try_ms)) judge_twelve(l, &r, digits, closed);
  else if (!r.twelve && !closed) judge_short(l, &r, digits, count);
  if (!keep(l, &r)) return (sc_record){.type = SC_ENTRY, .outcome = SC_REFUSED, .reason = SC_JOURNAL_FAILED};
  return r;
}
