// Files that the server gives to anybody who asks: the certificate that notifications are signed with.

import type { Exchange } from '#runtime/http/exchange.ts';
import type { WireRequest } from '#wire/http-message.ts';

export interface StaticFile {
  readonly path: string;
  readonly contentType: string;
  readonly content: string;
}

/** AWS's clients fetch the certificate from a path of this form only. */
const CERTIFICATE = /^\/SimpleNotificationService-[0-9A-Za-z]+\.pem$/;

/** True when it was one of the files, and was answered. */
export function serveStatic(files: () => readonly StaticFile[], request: WireRequest, exchange: Exchange): boolean {
  if (!CERTIFICATE.test(request.path)) return false;
  const file = files().find(({ path }) => path === request.path);
  if (file === undefined) return false;
  exchange.reply({ status: 200, headers: [['Content-Type', file.contentType]], body: file.content });
  return true;
}
