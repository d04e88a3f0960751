// The API's document, to be read and tried. Who signs in here need not paste a token.
import { html, render } from './html.js';
import { onSession, session, SignIn, signOut, token, useSession } from './session.js';

/** As in the document's securitySchemes. */
const SCHEMES = ['buyer', 'operator'];

const reference = window.SwaggerUIBundle({
    url: '/openapi.yaml',
    dom_id: '#reference',
    deepLinking: true,
    validatorUrl: null,
    tryItOutEnabled: true,
    onComplete: authorize,
});

onSession(authorize);

let given = [];

async function authorize() {
    const who = session();
    const access = await token(who);
    if (who !== session()) {
        return;
    }
    if (given.length > 0) {
        reference.getSystem().authActions.logout(given);
    }
    given = access === null ? [] : SCHEMES.filter(scheme => scheme === 'buyer' || who.operator);
    given.forEach(scheme => reference.preauthorizeApiKey(scheme, access));
}

function Who() {
    const who = useSession();
    return who === null
        ? html`<${SignIn} />`
        : html`<section>
            <span>Signed in as ${who.name}</span>
            <button type="button" onClick=${() => signOut()}>Sign out</button>
        </section>`;
}

render(html`<${Who} />`, document.getElementById('sign-in'));
