/** The start page: fills in this server's address, and says whether it is well. */
import { part, server } from './dom.js';

const here = { '{http}': server('.').replace(/\/$/, ''), '{ws}': server('.', 'ws').replace(/\/$/, '') };

for (const code of document.querySelectorAll('pre code')) {
  code.textContent = code.textContent.replace(/\{(http|ws)\}/g, (name) => here[name]);
}

for (const button of document.querySelectorAll('[data-copy]')) {
  button.addEventListener('click', () => copy(button, document.getElementById(button.dataset.copy)));
}

async function copy(button, code) {
  try {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = 'Copied';
    part('copied').textContent = 'Copied';
  } catch { // no clipboard on plain http: select it, for the keyboard's copy
    getSelection().selectAllChildren(code);
    button.textContent = 'Selected';
    part('copied').textContent = 'Selected';
  }
  setTimeout(() => { button.textContent = 'Copy'; }, 2_000);
}

const health = part('health');
try {
  const { ok, status } = await fetch(server('healthz'), { cache: 'no-store' });
  health.dataset.state = ok ? 'open' : 'closed';
  health.textContent = ok ? 'up' : `/healthz answers ${status}`;
} catch {
  health.dataset.state = 'closed';
  health.textContent = '/healthz does not answer';
}
