// Keeps the site for the time without a network. Its version and its list of files are written in when the site is built.

const cacheName = `murmuration ${self.registration.scope} VERSION`;
const files = FILES;

// A file with a hash in its name never changes.
const lasting = /-[0-9a-f]{12,16}(_bg)?\.[a-z]+$/;

self.addEventListener('install', (event) => {
  const fill = async () => {
    const cache = await caches.open(cacheName);
    await cache.addAll(files);
    await self.skipWaiting();
  };
  event.waitUntil(fill());
});

self.addEventListener('activate', (event) => {
  const tidy = async () => {
    const ours = `murmuration ${self.registration.scope} `;
    const names = await caches.keys();
    const old = names.filter((name) => name.startsWith(ours) && name !== cacheName);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || !request.url.startsWith(self.registration.scope)) return;
  event.respondWith(lasting.test(new URL(request.url).pathname) ? keptFirst(request) : newestFirst(request));
});

async function keptFirst(request) {
  return (await kept(request)) ?? fetch(request);
}

async function newestFirst(request) {
  try {
    return await fetch(request);
  } catch (failure) {
    const answer = await kept(request);
    if (answer === undefined) throw failure;
    return answer;
  }
}

async function kept(request) {
  const cache = await caches.open(cacheName);
  return cache.match(request, { ignoreSearch: true });
}
