/** Whether a text holds these digits by themselves: a few digits also stand, by chance, in its times and hashes. */
export function holdsDigits(text: string, digits: string): boolean {
  return new RegExp(`(?<![0-9a-f.])${digits}(?![0-9a-f.-])`, 'iu').test(text);
}
