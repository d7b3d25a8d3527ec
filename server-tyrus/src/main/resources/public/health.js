const INTERVAL = 5_000;

/** Keeps the header's line about the server up to date, while somebody looks at it. */
export function watchServer(line) {
  const look = async () => {
    if (!document.hidden) show(line, await ready());
  };
  setInterval(look, INTERVAL);
  document.addEventListener('visibilitychange', look);
  look();
}

async function ready() {
  try {
    const response = await fetch('/health/ready', { cache: 'no-store' });
    return await response.json();
  } catch {
    return { status: 'AWAY' };
  }
}

function show(line, { status, checks = [] }) {
  const data = Object.assign({}, ...checks.map((check) => check.data));
  const [state, words] = {
    UP: ['up', 'Ready'],
    DOWN: ['down', 'Not ready'],
  }[status] ?? ['away', 'Not reachable'];
  const facts = [data.driver && `driver ${data.driver}`, data.node && `node ${data.node}`];
  line.dataset.state = state;
  set(line.querySelector('strong'), words);
  set(line.querySelector('.facts'), facts.filter(Boolean).join(', '));
}

/** Only what has changed is read out. */
function set(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
