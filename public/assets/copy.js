/** Gives each code block a button that copies it; without scripts people select the text. */
for (const code of document.querySelectorAll('pre')) {
  const block = document.createElement('div');
  const button = document.createElement('button');
  block.className = 'block';
  button.type = 'button';
  button.className = 'copy';
  button.textContent = 'Copy';
  button.setAttribute('aria-live', 'polite');
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = 'Copied';
    setTimeout(() => {
      button.textContent = 'Copy';
    }, 2000);
  });
  code.replaceWith(block);
  block.append(code, button);
}
