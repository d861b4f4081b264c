/** Times in the reader's zone (UTC on hover), menus that close, the current section in sight. Pages work without. */
for (const time of document.querySelectorAll('time[data-zone]')) {
  time.title = time.textContent;
  time.textContent = new Intl.DateTimeFormat('en-GB', {
    dateStyle: 'long',
    timeStyle: time.dataset.zone,
  })
    .format(new Date(time.dateTime))
    .replace(' at ', ', ');
}
const menu = document.querySelector('.menu');
addEventListener('click', (event) => {
  if (menu && !menu.contains(event.target)) menu.open = false;
});
addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || !menu?.open) return;
  menu.open = false;
  menu.firstElementChild.focus();
});
const sections = document.querySelector('.sections');
const current = sections?.querySelector('[aria-current]');
if (current) sections.scrollLeft = current.offsetLeft - sections.clientWidth / 2 + current.clientWidth / 2;
