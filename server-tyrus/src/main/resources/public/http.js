let key = '';

/** The API key that all requests carry from now on; it stays in this page's memory only. */
export function useKey(value) {
  key = value;
}

export async function get(path) {
  return ask(path, { headers: headers() });
}

export async function post(path, body) {
  return ask(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers() },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

function headers() {
  return key ? { Authorization: `Bearer ${key}` } : {};
}

/** Never throws: no answer at all is told in the same form as a problem. */
async function ask(path, init) {
  try {
    const response = await fetch(path, { cache: 'no-store', ...init });
    return { ok: response.ok, status: response.status, body: parse(await response.text()) };
  } catch {
    return { ok: false, status: 0, body: { title: 'No answer', detail: 'The server could not be reached.' } };
  }
}

function parse(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return { detail: text };
  }
}

/** What went wrong, in one sentence. */
export function problemOf({ status, body }) {
  return body.detail || body.title || `The server answered ${status}.`;
}
