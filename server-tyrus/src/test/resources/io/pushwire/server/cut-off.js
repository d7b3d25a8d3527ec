// The controls and texts that reach beyond the card they are on.
return [...document.querySelectorAll('.card *')]
  .filter((e) => e.checkVisibility() && !e.closest('.sr, pre') && e.matches('button, input, select, textarea, a, p, h2, h3, label, img'))
  .filter((e) => e.getBoundingClientRect().right > e.closest('.card').getBoundingClientRect().right - 8)
  .map((e) => `${e.tagName} ${e.className} ${e.textContent.slice(0, 40)}`);
