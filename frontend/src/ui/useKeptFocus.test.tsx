// @vitest-environment jsdom
import { cleanup, fireEvent, render, waitFor } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { useKeptFocus } from './useKeptFocus'

afterEach(cleanup)

function Page({ rows, busy = false }: { rows: string[]; busy?: boolean }) {
  useKeptFocus()
  return (
    <main id="content" tabIndex={-1}>
      <ul>{rows.map((row) => <li key={row}><a href={`#${row}`}>{row}</a><button disabled={busy}>{`Delete ${row}`}</button></li>)}</ul>
    </main>
  )
}

const focusOn = (element: HTMLElement) => {
  element.focus()
  fireEvent.keyDown(element, { key: 'Enter' })
}

it('gives the focus of a removed row to the next, and that of the last to the content', async () => {
  const { rerender, getByText, container } = render(<Page rows={['a', 'b']} />)
  focusOn(getByText('Delete a'))
  rerender(<Page rows={['b']} />)
  await waitFor(() => expect(document.activeElement?.textContent).toBe('b'))
  focusOn(getByText('Delete b'))
  rerender(<Page rows={[]} />)
  await waitFor(() => expect(document.activeElement).toBe(container.querySelector('#content')))
})

it('leaves the focus to the pointer', async () => {
  const { rerender, getByText } = render(<Page rows={['a', 'b']} />)
  focusOn(getByText('Delete a'))
  fireEvent.pointerDown(document.body)
  vi.useFakeTimers()
  rerender(<Page rows={['b']} />)
  await Promise.resolve() // the page is told of the change
  vi.runAllTimers()
  vi.useRealTimers()
  expect(document.activeElement).toBe(document.body)
})

it('gives the focus of a page that is left to the content of the next', async () => {
  const { unmount, getByText } = render(<Page rows={['a']} />)
  focusOn(getByText('a'))
  unmount()
  const { container } = render(<Page rows={['b']} />)
  await waitFor(() => expect(document.activeElement).toBe(container.querySelector('#content')))
})
