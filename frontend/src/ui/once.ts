/** What would do a thing twice if it were clicked twice: the button of a form, and one that says so. */
const ONCE = 'button[type=submit], [data-once]'

/** Drops the second click of a double click where it would do a thing twice: a page shows only after a moment that the first one is sent. */
export function dropSecondClicks() {
  document.addEventListener('click', (event) => {
    if (event.detail < 2 || !(event.target instanceof Element) || !event.target.closest(ONCE)) return
    event.preventDefault()
    event.stopPropagation()
  }, true)
}
