// The controls and texts that reach into the margin of the card they are on, or beyond it.
const MARGIN = 15;
/** Buttons without a frame stand with their text at the margin. */
const FRAMELESS = 8;

function isCutOff(element) {
  const space = element.closest('.card').getBoundingClientRect().right - element.getBoundingClientRect().right;
  return space < (element.matches('.quiet') ? FRAMELESS : MARGIN);
}

return [...document.querySelectorAll('.card :is(a, button, h2, h3, img, input, label, p, select, textarea)')]
  .filter((element) => element.checkVisibility() && !element.closest('.sr'))
  .filter(isCutOff)
  .map((element) => `${element.tagName} ${element.className} ${element.textContent.slice(0, 40)}`);
