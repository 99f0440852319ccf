/** What would do a thing twice if it were pressed twice: the button of a form, an entry of a menu, and a button that says so. */
const ONCE = 'button[type=submit], [role=menuitem], [data-once]'
/** A field whose form Enter sends. */
const FIELD = 'form :is(input, select)'

/**
 * Drops the second click of a double click, and the repeats of a held Enter or Ctrl Enter, where they would do a thing twice: a page shows only after a moment
 * that the first one is sent, and what stands in the same place then, such as Cancel after Run, is not what was meant.
 */
export function dropSecondClicks() {
  const drop = (event: Event) => {
    event.preventDefault()
    event.stopPropagation()
  }
  const isOn = ({ target }: Event, where: string) => target instanceof Element && target.closest(where) !== null
  document.addEventListener('click', (event) => event.detail >= 2 && isOn(event, ONCE) && drop(event), true)
  document.addEventListener('keydown', (event) => {
    const runs = event.ctrlKey || event.metaKey
    if (event.repeat && event.key === 'Enter' && (runs || isOn(event, `${ONCE}, ${FIELD}`))) drop(event)
  }, true)
}
