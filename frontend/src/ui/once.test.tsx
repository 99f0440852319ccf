// @vitest-environment jsdom
import { render } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import { dropSecondClicks } from './once'

it('sends a form once for a double click, and leaves other buttons alone', () => {
  dropSecondClicks()
  const [send, step, verify] = [vi.fn((event: { preventDefault: () => void }) => event.preventDefault()), vi.fn(), vi.fn()]
  const { getByText } = render(
    <form onSubmit={send}>
      <button type="submit"><span>Publish</span></button>
      <button type="button" onClick={step}>More</button>
      <button type="button" data-once onClick={verify}>Verify</button>
    </form>,
  )
  for (const name of ['Publish', 'More', 'Verify']) {
    for (const detail of [1, 2]) getByText(name).dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, detail }))
  }
  expect([send, step, verify].map((each) => each.mock.calls.length)).toEqual([1, 2, 1])
  getByText('Publish').dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, detail: 0 })) // by a key
  expect(send).toHaveBeenCalledTimes(2)
})
