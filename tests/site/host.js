// A static host that serves dist/ below a path, and knows no more than a static host does.

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const dist = fileURLToPath(new URL('../../dist', import.meta.url));
const path = '/some/path/';

const types = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

/** Serves the site and gives its address. */
export async function serve() {
  await stat(join(dist, 'index.html')).catch(() => {
    throw new Error(`${dist} holds no built site; \`cargo xtask dist\` builds it`);
  });
  const server = createServer(answer);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${server.address().port}${path}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function answer(request, response) {
  const asked = decodeURIComponent(new URL(request.url, 'http://host').pathname);
  const inside = normalize(asked.endsWith('/') ? `${asked}index.html` : asked);
  const file = inside.startsWith(path) ? join(dist, inside.slice(path.length)) : undefined;
  if (file === undefined || !(await stat(file).catch(() => undefined))?.isFile()) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' });
  createReadStream(file).pipe(response);
}
