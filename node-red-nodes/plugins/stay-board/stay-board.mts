/**
 * The board: a page at `staycode/board/` beside the editor, and what it reads and does, each behind its permission.
 * @module
 */
import { join } from 'node:path';
import type { AccessCodeStore } from '@staycode/core/edges';
import type { Request, RequestHandler, Response } from 'express';
import type { NodeAPI } from 'node-red';
import { openRegister, type RegisterShare } from '../../nodes/register.mts';
import { routeActs, type RouteParts } from './act-routes.mts';
import { routeHouse } from './house-routes.mts';
import { readHouse } from './house.mts';
import { createLiveFeed } from './live-feed.mts';
import { loadPage } from './page-files.mts';
import { lockWarnings } from './lock-warnings.mts';
import { readUnit, type Role, ROLES, takeSnapshot } from './snapshot.mts';

const BOARD_PATH = '/staycode/board';

/** The page holds no inline script or style, and nobody else's page may hold it in a frame but the editor's. */
const PAGE_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
};

/** Who does what where nobody signs in. */
const NOBODY = 'host';

/** Registers the page and its routes. @param folder of the plugin, as it is installed */
export function stayBoard(RED: NodeAPI, folder: string): void {
  // Without an editor there is nobody whom permissions could be asked of.
  if (RED.settings.httpAdminRoot === false) return;
  servePage(RED, join(folder, 'page'));
  const watch = watchRegister(RED);
  const feed = createLiveFeed({
    ...{ version: watch.version, isAway: watch.isAway, onIdle: watch.rest },
    begin: () => {
      const house = readHouse(RED);
      const nowMs = Date.now();
      return {
        units: house.map((unit) => () => withStore(RED, (store) => readUnit(unit, store, nowMs))),
        tell: (role, readings) => takeSnapshot(readings, { role, nowMs, others: lockWarnings(house, nowMs) }),
      };
    },
    onTrouble: (error) => {
      RED.log.error(`staycode board: ${error instanceof Error ? error.message : String(error)}`);
    },
  });
  RED.events.on('flows:started', () => {
    feed.look();
  });
  const parts: RouteParts = {
    ...{ path: BOARD_PATH, needs: (role) => needsRole(RED, role) },
    byOf: (request) => userOf(request) ?? NOBODY,
    withStore: (work) => withStore(RED, work),
    onDone: () => {
      feed.look();
    },
  };
  routeActs(RED, parts);
  routeHouse(RED, parts);
  for (const role of ROLES) {
    RED.httpAdmin.get(
      `${BOARD_PATH}/api/${role}/me`,
      needsRole(RED, role),
      (request: Request, response: Response) => {
        response.set('cache-control', 'no-store').json({ user: userOf(request) });
      },
    );
    RED.httpAdmin.get(
      `${BOARD_PATH}/api/${role}/live`,
      needsRole(RED, role),
      (_request: Request, response: Response) => {
        feed.open(response, role);
      },
    );
  }
}

/** Node-RED's own permissions: `stay.host`, `stay.clean` and `stay.view`. */
function needsRole(RED: NodeAPI, role: Role): RequestHandler {
  return RED.auth.needsPermission(`stay.${role}`) as RequestHandler;
}

/** Who is signed in; `null` where nobody needs to be. */
function userOf(request: Request): string | null {
  const { user } = request as Request & {
    readonly user?: { readonly username?: string; readonly anonymous?: boolean };
  };
  return user === undefined || user.anonymous === true ? null : (user.username ?? null);
}

function servePage(RED: NodeAPI, folder: string): void {
  const files = loadPage(folder);
  RED.httpAdmin.get(BOARD_PATH, (request: Request, response: Response, next) => {
    // Addresses of the page's own files begin behind the slash.
    if (request.path.endsWith('/')) next();
    else response.redirect(`${request.baseUrl}${BOARD_PATH}/`);
  });
  for (const [path, { type, body }] of files) {
    RED.httpAdmin.get(`${BOARD_PATH}${path}`, (_request: Request, response: Response) => {
      response.set({ ...PAGE_HEADERS, 'content-type': type }).send(body);
    });
  }
}

interface RegisterWatch {
  /** Another text once a snapshot may be another one: something was written, or the flow was deployed. */
  readonly version: () => string;
  /** A deploy is under way. */
  readonly isAway: () => boolean;
  /** Nobody looks any more. */
  readonly rest: () => void;
}

/**
 * Holds the register open while somebody looks, for only an open one tells what others write; but not over a deploy: whoever opens
 * it first after that takes over what the nodes of before were about to send.
 */
function watchRegister(RED: NodeAPI): RegisterWatch {
  let share: RegisterShare | null = null;
  let deploys = 0;
  let isStopping = false;
  const rest = (): void => {
    share?.release();
    share = null;
  };
  RED.events.on('flows:stopping', () => {
    isStopping = true;
    rest();
  });
  RED.events.on('flows:started', () => {
    isStopping = false;
    deploys++;
  });
  return {
    rest,
    isAway: () => isStopping,
    version() {
      if (!isStopping) share ??= openRegister(RED);
      return `${deploys} ${share?.store.version() ?? ''}`;
    },
  };
}

/** For one piece of work. */
function withStore<T>(RED: NodeAPI, work: (store: AccessCodeStore) => T): T {
  const share = openRegister(RED);
  try {
    return work(share.store);
  } finally {
    share.release();
  }
}
