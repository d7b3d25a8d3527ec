const SHOWN_CHARACTERS = 4_000;
const SHOWN_BYTES = 256;
const BYTES_PER_LINE = 8;
/** Shorter JSON is shown as it reads best: on one line that may wrap between its members. */
const SHORT_JSON = 100;
/** Deeper levels stay at this indentation, or a payload of mere brackets would fill the memory. */
const DEEPEST = 16;
/** What valid JSON consists of: strings, empty brackets, punctuation, and the rest. */
const TOKEN = /"(?:[^"\\]|\\.)*"|\{\s*\}|\[\s*\]|[{}[\],:]|[^\s{}[\],:"]+/g;

/** How a payload is shown: kind, size in bytes, text, and the value if it is JSON. */
export function read(data) {
  if (data instanceof ArrayBuffer) {
    return { kind: 'Binary', size: data.byteLength, text: hex(new Uint8Array(data)) };
  }
  const size = new TextEncoder().encode(data).length;
  const value = parse(data);
  return value === undefined
    ? { kind: 'Text', size, text: shorten(data) }
    : { kind: 'JSON', size, text: shorten(pretty(data)), value };
}

/** Numbers and quoted words are valid JSON too, but were hardly meant so. */
function parse(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Works on the text: printing the parsed value would spoil large numbers. */
function pretty(text) {
  const lines = indent(text);
  const line = lines.replace(/\n */g, ' ');
  return line.length <= SHORT_JSON ? line : lines;
}

function indent(json) {
  let out = '';
  let depth = 0;
  for (const [token] of json.matchAll(TOKEN)) {
    if (token === ',') out += `,${newline(depth)}`;
    else if (token === ':') out += ': ';
    else if ('{['.includes(token)) out += token + newline(++depth);
    else if ('}]'.includes(token)) out += newline(--depth) + token;
    else out += token;
  }
  return out;
}

function newline(depth) {
  return `\n${'  '.repeat(Math.min(depth, DEEPEST))}`;
}

function shorten(text) {
  const rest = text.length - SHOWN_CHARACTERS;
  return rest > 0 ? `${text.slice(0, SHOWN_CHARACTERS)}\n… ${rest} characters more` : text;
}

function hex(bytes) {
  const lines = [];
  for (let i = 0; i < Math.min(bytes.length, SHOWN_BYTES); i += BYTES_PER_LINE) {
    const line = bytes.subarray(i, Math.min(i + BYTES_PER_LINE, SHOWN_BYTES));
    lines.push(Array.from(line, (byte) => byte.toString(16).padStart(2, '0')).join(' '));
  }
  const rest = bytes.length - SHOWN_BYTES;
  if (rest > 0) lines.push(`… ${rest} bytes more`);
  return lines.join('\n');
}

export function sizeOf(bytes) {
  return bytes < 1024 ? `${bytes} B` : `${(bytes / 1024).toFixed(1)} KiB`;
}
