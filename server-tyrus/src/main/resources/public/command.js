const SHOWN_MS = 2_000;

/** One argument, safe in any POSIX shell whatever it holds. */
export function quote(argument) {
  return `'${argument.replaceAll("'", `'\\''`)}'`;
}

/** Makes the button copy what the block shows. */
export function copies(button, block) {
  let timer;
  button.addEventListener('click', async () => {
    const copied = await copy(block);
    button.textContent = copied ? 'Copied' : 'Press Ctrl+C';
    clearTimeout(timer);
    timer = setTimeout(() => { button.textContent = 'Copy'; }, SHOWN_MS);
  });
}

/** Without TLS browsers give the clipboard to loopback pages only; then the text is selected at least. */
async function copy(block) {
  try {
    await navigator.clipboard.writeText(block.textContent);
    return true;
  } catch {
    getSelection().selectAllChildren(block);
    return false;
  }
}

/** Fills the list with commands that a visitor can take along. */
export function showCommands(list, template) {
  const { origin } = location;
  const socket = origin.replace(/^http/, 'ws');
  const json = "-H 'Content-Type: application/json'";
  const commands = [
    ['Listen as user 42', `npx wscat -c ${quote(`${socket}/ws?user=42&topic=news`)}`],
    ['Is user 42 online, and on which connections?', `curl ${origin}/v1/users/42`],
    ['Move the progress bar of user 42', `curl ${origin}/demo/imports \\\n  ${json} \\\n  -d '{"user":"42"}'`],
    ['The nodes of the cluster', `curl ${origin}/v1/nodes`],
  ];
  for (const [title, command] of commands) {
    const figure = template.content.cloneNode(true).firstElementChild;
    const block = figure.querySelector('pre');
    figure.querySelector('figcaption').textContent = title;
    block.textContent = command;
    block.setAttribute('aria-label', title);
    copies(figure.querySelector('button'), block);
    list.append(figure);
  }
}
