/**
 * Makes an application's key pair in the browser. The private key is saved as a file and goes nowhere else: the form takes the
 * public half alone. Without this script people bring keys of their own.
 */
const ALGORITHMS = {
  ES256: { name: 'ECDSA', namedCurve: 'P-256' },
  PS256: {
    name: 'RSA-PSS',
    modulusLength: 3072,
    publicExponent: new Uint8Array([1, 0, 1]),
    hash: 'SHA-256',
  },
};

const base64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));

/** RFC 7638: the same key has the same id wherever it is shown. */
async function thumbprint({ kty, crv, x, y, n, e }) {
  const members = kty === 'EC' ? { crv, kty, x, y } : { e, kty, n };
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify(members)));
  return base64(new Uint8Array(digest))
    .replace(/[+/]/g, (character) => (character === '+' ? '-' : '_'))
    .replaceAll('=', '');
}

function save(text, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/x-pem-file' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

async function generate(algorithm) {
  const pair = await crypto.subtle.generateKey(ALGORITHMS[algorithm], true, ['sign', 'verify']);
  const { kty, crv, x, y, n, e } = await crypto.subtle.exportKey('jwk', pair.publicKey);
  const kid = await thumbprint({ kty, crv, x, y, n, e });
  // The dashboard's .env names the file by the same rule.
  const name = `hamster-bank-${kid.replaceAll(/[^A-Za-z0-9]/g, '').slice(0, 8)}.pem`;
  const pkcs8 = base64(new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey)));
  const lines = pkcs8.match(/.{1,64}/g).join('\n');
  save(`-----BEGIN PRIVATE KEY-----\n${lines}\n-----END PRIVATE KEY-----\n`, name);
  return { name, jwk: { kty, crv, x, y, n, e, kid, use: 'sig', alg: algorithm } };
}

const form = document.querySelector('form[data-keys]');
if (form !== null) {
  const sources = [...form.querySelectorAll('input[name=key_source]')];
  const show = () => {
    for (const panel of form.querySelectorAll('[data-source]')) {
      panel.hidden = !sources.some(({ checked, value }) => checked && value === panel.dataset.source);
      // What is out of sight is not sent.
      for (const control of panel.querySelectorAll('input, textarea')) control.disabled = panel.hidden;
    }
  };
  for (const source of sources) source.addEventListener('change', show);
  show();

  const button = form.querySelector('button[data-generate]');
  const status = form.querySelector('[data-status]');
  if (form.elements.generated_jwks.value !== '') {
    status.textContent = 'The key you generated before is here still; its file is in your downloads.';
  }
  form.querySelector('[data-scripted]').hidden = false;
  form.querySelector('[data-unscripted]').remove();
  button.addEventListener('click', async () => {
    button.disabled = true;
    status.textContent = 'Generating the key pair…';
    try {
      const { name, jwk } = await generate(form.elements.algorithm.value);
      form.elements.generated_jwks.value = JSON.stringify({ keys: [jwk] });
      status.textContent = `Saved ${name} to your downloads. Keep it safe: we have only the public half, and cannot give it to you again.`;
      button.textContent = 'Generate another instead';
    } catch {
      status.textContent = 'Your browser could not make a key pair. Bring keys of your own.';
    }
    button.disabled = false;
  });
}
