/**
 * Asks the browser for a passkey when a form that is marked so is sent, and sends its answer with the form. Without this
 * script the button stays off, and the password works.
 */
const { browserSupportsWebAuthn, startAuthentication, startRegistration } = globalThis.SimpleWebAuthnBrowser;

const CEREMONIES = { get: startAuthentication, create: startRegistration };

/** What the reader can do about it; browsers say no more than this. */
function wordsOf(error) {
  if (error.name === 'NotAllowedError') return 'No passkey was chosen. Try again, or use your password.';
  if (error.name === 'InvalidStateError') return 'This device has a passkey for your account already.';
  return 'Your browser could not do this. Try again, or use your password.';
}

function attend(form) {
  const button = form.querySelector('button');
  const field = form.querySelector('[name=response]');
  const status = form.querySelector('[role=status]');
  const say = (text) => {
    status.textContent = text;
    status.hidden = text === '';
  };
  if (!browserSupportsWebAuthn()) {
    say('This browser has no passkeys.');
    return;
  }
  say('');
  button.disabled = false;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    button.disabled = true;
    say('');
    try {
      const optionsJSON = JSON.parse(field.dataset.options);
      field.value = JSON.stringify(await CEREMONIES[form.dataset.passkey]({ optionsJSON }));
      form.submit();
    } catch (error) {
      say(wordsOf(error));
      button.disabled = false;
    }
  });
}

for (const form of document.querySelectorAll('form[data-passkey]')) attend(form);
