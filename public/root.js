// The site's root sends on to a language: the one chosen before, else the browser's, else English.
(() => {
  const base = new URL('.', document.currentScript.src);
  let language = null;
  try {
    language = localStorage.getItem('unrolled.language');
  } catch { /* No storage: the browser's language. */ }
  if (language !== 'en' && language !== 'zh') {
    const wanted = (navigator.languages || []).map((tag) => tag.toLowerCase().split('-')[0]);
    language = wanted.find((tag) => tag === 'en' || tag === 'zh') || 'en';
  }
  location.replace(new URL(`${language}/`, base).href + location.search + location.hash);
})();
