/** Gives each code block and each id a button that copies it; without scripts people select the text. */
function copyButton(source, name) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'copy';
  button.textContent = 'Copy';
  if (name) button.setAttribute('aria-label', name);
  button.setAttribute('aria-live', 'polite');
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(source.textContent);
    button.textContent = 'Copied';
    button.removeAttribute('aria-label');
    setTimeout(() => {
      button.textContent = 'Copy';
      if (name) button.setAttribute('aria-label', name);
    }, 2000);
  });
  return button;
}
for (const code of document.querySelectorAll('pre')) {
  const label = code.closest('figure')?.querySelector('figcaption');
  const block = document.createElement('div');
  block.className = 'block';
  code.replaceWith(block);
  block.append(code, copyButton(code, label && `Copy: ${label.textContent}`));
}
for (const id of document.querySelectorAll('[data-copy]')) id.after(copyButton(id, `Copy ${id.textContent}`));
