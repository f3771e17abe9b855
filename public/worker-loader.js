// Loads a program inside its worker. The worker is a blob and has no address of its own, so the page says where the files are.
'use strict';
self.addEventListener('message', (event) => {
  const { trainer, app, figures, segmenter } = event.data;

  // The dictionary for words of Chinese is fetched when a text first needs it. A module that failed stays failed under
  // its address, so each attempt has one of its own.
  let attempts = 0;
  self.loadSegmenter = async () => {
    const attempt = attempts ? `?${attempts}` : '';
    attempts += 1;
    const words = await import(`${segmenter}segmenter.js${attempt}`);
    await words.default({ module_or_path: `${segmenter}segmenter_bg.wasm` });
    return words.cut;
  };

  // Thrown outside of the promise, so that the page hears of it.
  const failed = (error) => setTimeout(() => { throw error; });
  if (trainer) {
    importScripts(`${trainer}trainer.js`);
    wasm_bindgen({ module_or_path: `${trainer}trainer_bg.wasm` }).catch(failed);
  } else if (figures) {
    importScripts(`${figures}.js`);
    self.unrolled.startFigures({ module_or_path: `${figures}_bg.wasm` }).catch(failed);
  } else {
    import(app.js).then((page) => page.default({ module_or_path: app.wasm })).catch(failed);
  }
}, { once: true });
self.postMessage('loaded');
