import { html, render } from './html.js';
import { Frame } from './frame.js';
import { SignIn, useSession } from './session.js';

function Shop() {
    return useSession() === null ? html`<${SignIn} heading="h1" />` : html`<h1>…</h1>`;
}

render(html`<${Frame}><${Shop} /><//>`, document.body);
