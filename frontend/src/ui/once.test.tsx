// @vitest-environment jsdom
import { cleanup, render } from '@testing-library/react'
import { afterEach, beforeAll, expect, it, vi } from 'vitest'
import { dropSecondClicks } from './once'

beforeAll(dropSecondClicks)
afterEach(cleanup)

const click = (element: Element, detail: number) => element.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, detail }))
/** Whether the browser acts on the key: it clicks the button, or sends the form. */
const enter = (element: Element, repeat: boolean, ctrlKey = false) => element.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, repeat, ctrlKey }))

function Buttons({ send, step, once }: Record<'send' | 'step' | 'once', (event: { preventDefault: () => void }) => void>) {
  return (
    <form onSubmit={send}>
      <input aria-label="Name" />
      <textarea aria-label="Note" />
      <button type="submit"><span>Publish</span></button>
      <button type="button" onClick={step}>More</button>
      <button type="button" data-once onClick={once}>Verify</button>
      <button type="button" role="menuitem" onClick={once}>Run now</button>
    </form>
  )
}

it('does a thing once for a double click, and leaves other buttons alone', () => {
  const [send, step, once] = [vi.fn((event: { preventDefault: () => void }) => event.preventDefault()), vi.fn(), vi.fn()]
  const { getByText } = render(<Buttons send={send} step={step} once={once} />)
  for (const name of ['Publish', 'More', 'Verify', 'Run now']) for (const detail of [1, 2]) click(getByText(name), detail)
  expect([send, step, once].map((each) => each.mock.calls.length)).toEqual([1, 2, 2])
  click(getByText('Publish'), 0) // by a key
  expect(send).toHaveBeenCalledTimes(2)
})

it('drops the repeats of a held Enter there, and in the fields of a form', () => {
  const { getByText, getByLabelText } = render(<Buttons send={vi.fn()} step={vi.fn()} once={vi.fn()} />)
  const held = [...['Publish', 'Verify', 'Run now'].map((name) => getByText(name)), getByLabelText('Name')]
  expect(held.map((each) => [enter(each, false), enter(each, true)])).toEqual(held.map(() => [true, false]))
  expect([getByText('More'), getByLabelText('Note')].map((each) => enter(each, true))).toEqual([true, true])
  expect([enter(document.body, false, true), enter(document.body, true, true)]).toEqual([true, false]) // Ctrl Enter runs
})
