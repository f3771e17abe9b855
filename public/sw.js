// Keeps the site, so that it can be read and used without a network.
//
// `cargo xtask pages` writes in front of this file what the build holds: `const site = { build, files }`, each file with
// its path below the base, its hash, whether its name changes with what is in it, and whether it is fetched only when it
// is needed. A site without a build is not to be kept: this worker then takes itself and all it has kept away.
//
// One cache a build. A build is kept whole, each file held against its hash, or not at all: a file that is missing, cut
// short or of another build ends the installation, and what was kept before stays in use. A new build waits until the
// reader asks for it or no page of the old one is open. A page gets the files of its own build, whichever is in charge.
(() => {
  'use strict';
  const scope = new URL('./', self.location.href).href;
  // Other sites may live at the same origin: only caches with this site's name are touched.
  const mine = `unrolled ${new URL(scope).pathname} `;
  const own = mine + site.build;
  const olderCaches = async () =>
    (await caches.keys()).filter((name) => name.startsWith(mine) && name !== own);

  if (!site.build) {
    const retire = async () => {
      await Promise.all((await olderCaches()).map((name) => caches.delete(name)));
      await self.registration.unregister();
    };
    self.addEventListener('install', () => self.skipWaiting());
    self.addEventListener('activate', (event) => event.waitUntil(retire()));
    return;
  }

  const listed = new Map(site.files.map((file) => [scope + file.path, file]));

  const pause = (milliseconds) => new Promise((over) => setTimeout(over, milliseconds));

  // A file from the network, held against its hash by the browser. A connection that breaks once does not end it.
  const load = async (address, file, tries = 3) => {
    const cache = file.isFixed ? 'default' : 'no-cache';
    const asked = fetch(address, { integrity: file.integrity, cache });
    const response = await asked.catch((error) => { if (tries < 2) throw error; });
    if (!response) {
      await pause(500);
      return load(address, file, tries - 1);
    }
    if (!response.ok) throw new TypeError(`${address}: ${response.status}`);
    return response;
  };

  // A reader who saves data gets what was used, and nothing ahead.
  const savesData = () => Boolean(navigator.connection?.saveData);

  const fill = async () => {
    const cache = await caches.open(own);
    const wanted = savesData() ? [] : [...listed].filter(([, file]) => !file.isLater);
    const queue = wanted[Symbol.iterator]();
    const work = async () => {
      for (const [address, file] of queue) {
        // An installation that was broken off goes on; what an older build has under the same name is the same.
        if (await cache.match(address)) continue;
        const kept = file.isFixed && (await caches.match(address, { ignoreVary: true }));
        await cache.put(address, kept || (await load(address, file)));
      }
    };
    // A few at a time: the page may be fetching something for its reader.
    await Promise.all([work(), work(), work()]);
  };

  const find = async (address, build, isPage) => {
    if (build && build !== site.build) {
      return caches.match(address, { cacheName: mine + build, ignoreVary: true });
    }
    const kept = await caches.match(address, { cacheName: own, ignoreVary: true });
    if (kept) return kept;
    // What an older page asks for: names that change with what is in them belong to one build, or to several alike.
    const mayBeOlder = listed.get(address)?.isFixed ?? !isPage;
    return mayBeOlder ? caches.match(address, { ignoreVary: true }) : undefined;
  };

  const answer = async (request, url) => {
    const address = url.origin + url.pathname;
    const build = url.searchParams.get('build');
    const isPage = request.mode === 'navigate';
    const kept = await find(address, build, isPage);
    if (kept) return kept;
    if (isPage && listed.has(`${address}/`)) return Response.redirect(`${address}/${url.search}`, 301);
    const file = listed.get(address);
    if (file && (!build || build === site.build)) {
      try {
        const response = await load(address, file, 1);
        const copy = response.clone();
        // Not kept for want of room: it is fetched again the next time.
        caches.open(own).then((cache) => cache.put(address, copy)).catch(() => {});
        return response;
      } catch { /* No network, or a file of another build: asked for as it is. */ }
    }
    try {
      return await fetch(request);
    } catch (error) {
      const notFound = isPage && !file && (await find(`${scope}404.html`, null, true));
      if (notFound) return new Response(notFound.body, { status: 404, headers: notFound.headers });
      throw error;
    }
  };

  // Which build a window is of; null where it does not say.
  const buildOf = (client) =>
    new Promise((resolve) => {
      const channel = new MessageChannel();
      setTimeout(() => resolve(null), 3000);
      channel.port1.onmessage = (event) => resolve(event.data);
      client.postMessage('build', [channel.port2]);
    });

  // Drops older builds that no window uses. A window that does not answer may be of any.
  const tidy = async () => {
    const isAlone = () => !self.registration.installing && !self.registration.waiting;
    const older = await olderCaches();
    if (!older.length || !isAlone()) return;
    const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
    const inUse = await Promise.all(windows.filter((client) => client.url.startsWith(scope)).map(buildOf));
    if (inUse.includes(null) || !isAlone()) return;
    const unused = older.filter((name) => !inUse.includes(name.slice(mine.length)));
    await Promise.all(unused.map((name) => caches.delete(name)));
  };

  // What a page has loaded before this worker was there, where nothing was kept ahead.
  const keep = async (addresses) => {
    const cache = await caches.open(own);
    for (const address of addresses) {
      const file = listed.get(address);
      if (file && !(await cache.match(address))) await cache.put(address, await load(address, file));
    }
  };

  self.addEventListener('install', (event) => event.waitUntil(fill()));
  self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
  self.addEventListener('message', (event) => {
    const { type, addresses } = event.data;
    // Only ever at the reader's word.
    if (type === 'renew') self.skipWaiting();
    if (type === 'tidy') event.waitUntil(tidy());
    if (type === 'keep') event.waitUntil(keep(addresses).catch(() => {}));
  });
  self.addEventListener('fetch', (event) => {
    const { request } = event;
    const isOurs = request.method === 'GET' && request.url.startsWith(scope) && !request.headers.has('range');
    if (isOurs) event.respondWith(answer(request, new URL(request.url)));
  });
})();
