/** Node-RED's own editor in a real browser, used as a person does: by double click, by drag, by the buttons of a dialog. */
import type { Browser, Page, Route } from 'playwright-core';

export type Theme = 'light' | 'dark';

export interface Editor {
  readonly page: Page;
  /** What the page complained of: a node's script that throws is seen nowhere else. */
  readonly errors: string[];
  /** Opens the dialog of a node on the canvas. */
  open(nodeId: string): Promise<void>;
  /** From an open dialog to that of the config node which a field of it names; `add` for a new one. */
  openConfig(property: string, how?: 'edit' | 'add'): Promise<void>;
  /** Keeps what was typed in the dialog in front, then in those behind it until `dialogs` are closed; one unless told. */
  save(dialogs?: number): Promise<void>;
  /** Closes them without keeping anything. */
  cancel(dialogs?: number): Promise<void>;
  /** Drags a node from the palette to a place on the canvas; returns its id. */
  add(type: string, at: { x: number; y: number }): Promise<string>;
  /** Draws a wire from an output to an input. */
  wire(fromId: string, toId: string, output?: number): Promise<void>;
  /** Pastes a flow that has a tab of its own into the dialog for it, and goes to that tab. */
  importFlow(json: string): Promise<void>;
  /** Presses the button of an inject node. */
  press(nodeId: string): Promise<void>;
  /** The id of the node with that type, and that name where one is told: a flow gets new ids as it is imported. */
  idOf(type: string, name?: string): Promise<string>;
  /** Resolves once the debug sidebar has a message of the node with that name which holds a text. */
  waitForDebug(name: string, text: string | RegExp): Promise<void>;
  deploy(): Promise<void>;
  close(): Promise<void>;
}

/** Opens the editor at `url`, without tips and tours, and waits for its canvas. */
export async function openEditor(
  browser: Browser,
  url: string,
  { theme = 'light', language = 'en-US' }: { theme?: Theme; language?: string } = {},
): Promise<Editor> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: language });
  await context.addInitScript((chosen) => {
    localStorage.setItem('view-dark-theme', chosen);
  }, theme);
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const errors: string[] = [];
  page.on('pageerror', ({ message, stack }) => errors.push(stack ?? message));
  await page.route('**/settings/user*', withoutTips);
  await page.goto(url);
  await page.locator('#red-ui-palette .red-ui-palette-node').first().waitFor();
  await page.locator('.red-ui-loading-bar, #red-ui-loading-progress').first().waitFor({ state: 'hidden' });
  return createEditor(page, errors);
}

/** Node-RED's first tip throws where its keymap takes longer than a second to come. */
async function withoutTips(route: Route): Promise<void> {
  if (route.request().method() !== 'GET') return route.fallback();
  const response = await route.fetch();
  const { editor, ...others } = (await response.json()) as { editor?: { view?: object } };
  const view = { ...editor?.view, 'view-show-tips': false };
  return route.fulfill({ response, json: { ...others, editor: { ...editor, view } } });
}

/** Dialogs slide in and out; what is typed meanwhile would be typed into what they replace. */
const SLIDE_MS = 400;

/** The dialogs lie over each other: the last one is in front. */
const inFront = (page: Page) => page.locator('.red-ui-tray').last();

function createEditor(page: Page, errors: string[]): Editor {
  const press = async (button: string, times = 1): Promise<void> => {
    for (let i = 0; i < times; i++) await pressOnce(button);
  };
  const pressOnce = async (button: string): Promise<void> => {
    const pressed = await inFront(page).locator(button).elementHandle({ timeout: 30_000 });
    // By its name, for the dialog may be drawn anew in between.
    await inFront(page).locator(button).click();
    await page.waitForFunction((gone) => !gone.isConnected, pressed);
    await page.waitForTimeout(SLIDE_MS);
  };
  return {
    page,
    errors,
    async open(nodeId) {
      await page.locator(`[id="${nodeId}"]`).dblclick();
      await inFront(page).locator('#node-dialog-ok').waitFor();
      await page.waitForTimeout(SLIDE_MS);
    },
    async openConfig(property, how = 'edit') {
      await inFront(page)
        .locator(`#node-input-btn-${property}-${how}, #node-config-input-btn-${property}-${how}`)
        .click();
      await inFront(page).locator('#node-config-dialog-ok').waitFor();
      await page.waitForTimeout(SLIDE_MS);
    },
    save: (dialogs) => press('#node-dialog-ok, #node-config-dialog-ok', dialogs),
    cancel: (dialogs) => press('#node-dialog-cancel, #node-config-dialog-cancel', dialogs),
    async add(type, { x, y }) {
      const before = await nodeIds(page);
      const entry = page.locator(`.red-ui-palette-node[data-palette-type="${type}"]`);
      await entry.scrollIntoViewIfNeeded();
      await entry.dragTo(page.locator('#red-ui-workspace-chart'), { targetPosition: { x, y } });
      const added = (await nodeIds(page)).find((id) => !before.includes(id));
      if (added === undefined) throw new Error(`${type} did not land on the canvas`);
      return added;
    },
    async wire(fromId, toId, output = 0) {
      const port = (id: string, kind: 'output' | 'input') =>
        page.locator(`[id="${id}"] .red-ui-flow-port-${kind} .red-ui-flow-port`);
      const from = await port(fromId, 'output').nth(output).boundingBox();
      const to = await port(toId, 'input').first().boundingBox();
      if (!from || !to) throw new Error('no ports');
      await page.mouse.move(from.x + 5, from.y + 5);
      await page.mouse.down();
      await page.mouse.move(to.x - 20, to.y + 5, { steps: 5 });
      await page.mouse.move(to.x + 5, to.y + 5, { steps: 5 });
      await page.mouse.up();
    },
    async importFlow(json) {
      await page.locator('#red-ui-workspace-chart').click({ position: { x: 5, y: 5 } });
      await page.keyboard.press('Control+i');
      await page.locator('#red-ui-clipboard-dialog-import-text').fill(json);
      // It looks at what it was given when a key is let go.
      await page.keyboard.press('End');
      await page.locator('#red-ui-clipboard-dialog-ok').click();
      await page.locator('#red-ui-clipboard-dialog-ok').waitFor({ state: 'hidden' });
      await page.locator('#red-ui-workspace-tabs .red-ui-tab').last().click();
    },
    async press(nodeId) {
      await page.locator(`[id="${nodeId}"] .red-ui-flow-node-button-button`).click();
    },
    async idOf(type, name = '') {
      const id = await page.evaluate(findNode, { type, name });
      if (id === null) throw new Error(`no ${type} ${name} in the flow`);
      return id;
    },
    async waitForDebug(name, text) {
      const message = page.locator('.red-ui-debug-msg', {
        has: page.locator('.red-ui-debug-msg-name', { hasText: name }),
      });
      await message.filter({ hasText: text }).first().waitFor({ state: 'attached' });
    },
    async deploy() {
      await page.locator('#red-ui-header-button-deploy').click();
      await page.locator('#red-ui-header-button-deploy.disabled').waitFor();
    },
    close: () => page.context().close(),
  };
}

function nodeIds(page: Page): Promise<string[]> {
  return page.locator('.red-ui-flow-node-group').evaluateAll((nodes) => nodes.map(({ id }) => id));
}

interface EditorNode {
  readonly id: string;
  readonly type: string;
  readonly name?: string;
}

/** Runs in the page, where the editor is `RED`. */
function findNode({ type, name }: { type: string; name: string }): string | null {
  const { nodes } = (
    globalThis as unknown as {
      RED: { nodes: Record<'eachNode' | 'eachConfig', (look: (node: EditorNode) => void) => void> };
    }
  ).RED;
  let found: string | null = null;
  const look = (node: EditorNode): void => {
    if (node.type === type && (name === '' || node.name === name)) found = node.id;
  };
  nodes.eachNode(look);
  nodes.eachConfig(look);
  return found;
}
