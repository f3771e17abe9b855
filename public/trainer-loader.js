// Loads the trainer inside its worker. The worker is a blob and has no address of its own, so the page says where the files are.
'use strict';
self.addEventListener('message', (event) => {
  const folder = event.data;
  importScripts(folder + 'trainer.js');
  wasm_bindgen({ module_or_path: folder + 'trainer_bg.wasm' }).catch((error) => {
    // Thrown outside of the promise, so that the page hears of it.
    setTimeout(() => { throw error; });
  });
}, { once: true });
self.postMessage('loaded');
