/** What a page keeps from who cannot see it, hear it or point at it, as axe finds it. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** Faults that axe calls serious or critical, with the first elements that have them. @param within of this part of the page alone */
export async function findSerious(page: Page, within?: string): Promise<string[]> {
  const axe = new AxeBuilder({ page });
  const { violations } = await (within === undefined ? axe : axe.include(within)).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => {
      const first = nodes.slice(0, 3).map(({ html }) => html);
      return `${id}: ${first.join(' ')}`;
    });
}
