// Starts the page. Nothing is written twice: the base of every address is where this file was loaded from.
(() => {
  const script = document.currentScript;
  const base = new URL('.', script.src);
  const file = (name) => new URL(name, base).href;

  // Folders that `cargo xtask pages` names after what is in them.
  const trainer = file(script.dataset.trainer);
  const segmenter = file(script.dataset.segmenter);
  const app = { js: file(script.dataset.js), wasm: file(script.dataset.wasm) };

  // A worker started from a file escapes the page's policy; one started from a blob inherits it.
  // The worker's own messages begin with the protocol's `Ready`; the two lines of the loader before that end here.
  // A loader that fails throws, which the page sees as the worker's `error` event.
  const newWorker = (program) => {
    const text = `importScripts(${JSON.stringify(trainer + 'loader.js')});`;
    const address = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
    const worker = new Worker(address);
    const loaded = (event) => {
      if (event.data !== 'loaded') return;
      event.stopImmediatePropagation();
      worker.removeEventListener('message', loaded);
      URL.revokeObjectURL(address);
      worker.postMessage({ ...program, segmenter });
    };
    worker.addEventListener('message', loaded);
    return worker;
  };
  const newTrainer = () => newWorker({ trainer });
  // The page's own program, off the page's thread: for what is too long for it.
  const newHelper = () => newWorker({ app });
  // The figures' own program, off the page's thread: it trains what the trainer does not know.
  const newFiguresHelper = () => newWorker({ figures: file(script.dataset.figures) });

  // A page that is being left ends what it was loading; that is no failure.
  let isLeaving = false;
  addEventListener('pagehide', () => { isLeaving = true; });
  addEventListener('beforeunload', () => { isLeaving = true; });
  addEventListener('pageshow', () => { isLeaving = false; });

  // The live figures of the book: a file of their own, loaded with the first chapter.
  let figuresLoaded;
  const fetchFigures = () => new Promise((done, failed) => {
    const wasm = fetch(file(script.dataset.figures + '_bg.wasm'));
    wasm.catch(() => {});
    const element = document.createElement('script');
    element.src = file(script.dataset.figures + '.js');
    element.onload = () => window.unrolled.startFigures({ module_or_path: wasm }).then(done, failed);
    element.onerror = () => failed(new Error(element.src));
    document.head.append(element);
  });
  // A connection may break once: it is tried again, and again with the next chapter.
  const loadFigures = () => {
    figuresLoaded ??= fetchFigures().catch(fetchFigures).catch((error) => {
      figuresLoaded = undefined;
      throw error;
    });
    return figuresLoaded;
  };
  // In the place of an embedded figure that this page does not have: a sentence, and the way to the page.
  const absent = () => {
    const words = document.getElementById('start-words')?.content;
    const line = document.createElement('p');
    line.className = 'embedded';
    const link = document.createElement('a');
    link.href = location.pathname;
    link.target = '_blank';
    link.textContent = words?.querySelector('[data-key="to-page"]')?.textContent ?? location.pathname;
    line.append(words?.querySelector('[data-key="no-figure"]')?.textContent ?? '', ' ', link);
    return line;
  };
  // Brings the figures of an article to life; without one, those of the last article end.
  const figures = (article) => {
    if (!article && !figuresLoaded) return;
    loadFigures()
      .then(() => window.unrolled.mountFigures(article))
      .then(() => {
        if (article && embedded && !article.querySelector('.embedded')) article.prepend(absent());
      })
      .catch((error) => {
        if (isLeaving) return;
        console.error(error);
        for (const figure of article?.querySelectorAll('[data-figure]') ?? []) {
          const sentence = document.getElementById('start-words')?.content.querySelector('[data-key="failed"]');
          if (sentence) figure.prepend(sentence.cloneNode(true));
        }
      });
  };

  // What reads and writes files: loaded when something is first exported or opened. A module that failed stays failed under
  // its address, and so does one that a broken file has brought down: each attempt has an address of its own.
  let filesLoaded;
  let filesAttempts = 0;
  const loadFiles = (anew) => {
    if (anew) filesLoaded = undefined;
    filesLoaded ??= (async () => {
      const attempt = filesAttempts ? `?${filesAttempts}` : '';
      filesAttempts += 1;
      const files = await import(file(`${script.dataset.files}files.js${attempt}`));
      await files.default({ module_or_path: file(`${script.dataset.files}files_bg.wasm`) });
      return files;
    })();
    filesLoaded.catch(() => { filesLoaded = undefined; });
    return filesLoaded;
  };

  window.unrolled = { base: base.pathname, build: script.dataset.build || '', trainer, newTrainer, newHelper, newFiguresHelper, figures, loadFiles };

  // What is kept for use without a network is fetched when the page itself has all it needs. A page inside of another
  // site's keeps nothing.
  const keepSite = () => {
    if (!script.dataset.build || window.parent !== window || !navigator.serviceWorker) return;
    const soon = window.requestIdleCallback || ((call) => setTimeout(call, 1000));
    soon(() => {
      const element = document.createElement('script');
      element.src = file(script.dataset.offline);
      document.head.append(element);
    }, { timeout: 5000 });
  };

  // One of the sentences that stand in the page's own language in a template at its end.
  const say = (key) => {
    const words = document.getElementById('start-words');
    const sentence = words && words.content.querySelector(`[data-key="${key}"]`);
    const place = document.getElementById('start-message');
    if (sentence && place) place.replaceChildren(sentence.cloneNode(true));
  };

  let theme = null;
  try {
    theme = localStorage.getItem('unrolled.theme');
  } catch { /* No storage: the system's theme. */ }
  if (theme !== 'light' && theme !== 'dark') {
    theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  }
  document.documentElement.dataset.theme = theme;

  // On a page that GitHub Pages shows for an unknown address, the language is the address's.
  const language = location.pathname.slice(base.pathname.length).split('/')[0];
  if (language === 'zh') document.documentElement.lang = 'zh-Hans';

  if (typeof WebAssembly !== 'object' || typeof WebAssembly.validate !== 'function') {
    say('no-wasm');
    return;
  }
  // The smallest module with a 128-bit vector in it: () -> v128 { i8x16.splat(0) }.
  const simd = new Uint8Array([
    0, 97, 115, 109, 1, 0, 0, 0,
    1, 5, 1, 96, 0, 1, 123,
    3, 2, 1, 0,
    10, 8, 1, 6, 0, 65, 0, 253, 15, 11,
  ]);
  if (!WebAssembly.validate(simd)) {
    say('no-simd');
    return;
  }

  const failed = (error) => {
    say('failed');
    console.error(error);
  };

  // Three apps, each with more in it: the book's, Home's, and the one with Stepper, Lab and the reader's own cell.
  const [, page, chapter] = location.pathname.slice(base.pathname.length).toLowerCase().split('/');
  // What a link names as embedded stands alone.
  const wanted = new URLSearchParams(location.search).get('embed');
  const embedded = page === 'book' || page === 'worksheets' ? wanted : (page === 'stepper' || page === 'lab' || page === 'cell') && wanted === '1' && wanted;
  if (embedded) document.documentElement.dataset.embed = embedded;
  if (page === 'stepper' || page === 'lab' || page === 'cell') {
    const wasm = fetch(app.wasm);
    wasm.catch(() => {});
    import(app.js).then((page) => page.default({ module_or_path: wasm })).then(keepSite, failed);
  } else {
    const name = page ? script.dataset.book : script.dataset.front;
    const wasm = fetch(file(name + '_bg.wasm'));
    wasm.catch(() => {});
    const code = document.createElement('script');
    code.src = file(name + '.js');
    code.onload = () => wasm_bindgen({ module_or_path: wasm }).then(keepSite, failed);
    code.onerror = () => failed(new Error(code.src));
    document.head.append(code);
    if (chapter) loadFigures().catch(() => {});
  }
})();
