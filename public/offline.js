// Has the site kept for use without a network, and says when a new version is there. Loaded once the page stands; a browser
// that keeps nothing is not worth a sentence before its network is gone.
(() => {
  const base = new URL('.', document.currentScript.src).href;
  const unrolled = window.unrolled;
  const service = navigator.serviceWorker;
  /* How often a page that stays open asks for a new version, milliseconds. */
  const lookEvery = 30 * 60 * 1000;

  // The worker asks which build this page is of before it drops older ones.
  service.addEventListener('message', (event) => {
    if (event.data === 'build') event.ports[0]?.postMessage(unrolled.build);
  });

  const say = () => {
    if (unrolled.isNew) return;
    unrolled.isNew = true;
    dispatchEvent(new Event('unrolled-new'));
  };

  // Another worker takes charge when the reader asked for the new version: here, or in another tab.
  let isRenewing = false;
  let hasWorker = Boolean(service.controller);
  service.addEventListener('controllerchange', () => {
    if (isRenewing) location.reload();
    else if (hasWorker) say();
    hasWorker = true;
  });
  unrolled.renew = async () => {
    const registration = await service.getRegistration(base);
    if (!registration?.waiting) return location.reload();
    isRenewing = true;
    registration.waiting.postMessage({ type: 'renew' });
  };

  const follow = (registration) => {
    // Without a worker in charge, the one that waits is the first.
    const look = () => {
      if (registration.waiting && service.controller) say();
    };
    look();
    registration.addEventListener('updatefound', () => {
      registration.installing?.addEventListener('statechange', look);
    });
    let looked = performance.now();
    const update = () => {
      if (document.visibilityState !== 'visible' || performance.now() - looked < lookEvery) return;
      looked = performance.now();
      registration.update().catch(() => {});
    };
    document.addEventListener('visibilitychange', update);
    setInterval(update, lookEvery);
  };

  const begin = async () => {
    follow(await service.register(`${base}sw.js`));
    const { active } = await service.ready;
    active.postMessage({ type: 'tidy' });
    if (navigator.connection?.saveData) {
      const loaded = performance.getEntriesByType('resource').map((entry) => entry.name);
      active.postMessage({ type: 'keep', addresses: [location.origin + location.pathname, ...loaded] });
    }
  };
  begin().catch(() => {});
})();
