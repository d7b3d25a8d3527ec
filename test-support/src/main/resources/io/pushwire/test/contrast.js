// The texts on the page whose contrast to what is behind them is below the given ratio (WCAG 2.2, 1.4.3).
const [least, fewest] = arguments;

const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });

function rgba(color) {
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = color;
  canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data];
}

function luminance([r, g, b]) {
  const [x, y, z] = [r, g, b].map((c) => {
    const s = c / 255;
    return s <= 0.03928 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * x + 0.7152 * y + 0.0722 * z;
}

function behind(element) {
  for (let e = element; e; e = e.parentElement) {
    const color = rgba(getComputedStyle(e).backgroundColor);
    if (color[3] === 255) return color;
    if (color[3] !== 0) throw new Error(`Half transparent: ${e.className}`);
  }
  throw new Error('Nothing is behind the page');
}

function ratio(element, color) {
  const [a, b] = [luminance(rgba(color)), luminance(behind(element))];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

const seen = new Map();
function look(element, text, color) {
  if (!text.trim() || !element.checkVisibility({ visibilityProperty: true })) return;
  const value = ratio(element, color);
  if (value < least) seen.set(text.trim().slice(0, 40), value.toFixed(2));
}

let texts = 0;
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  if (element.closest('script, style, template, noscript')) continue;
  texts++;
  look(element, walker.currentNode.data, getComputedStyle(element).color);
}
for (const field of document.querySelectorAll('input, select, textarea')) {
  if (field.type === 'radio') continue;
  look(field, field.value, getComputedStyle(field).color);
  look(field, field.placeholder ?? '', getComputedStyle(field, '::placeholder').color);
}
if (texts < fewest) throw new Error(`Only ${texts} texts: this is not the page`);
return [...seen].map(([text, value]) => `${value}: ${text}`);
