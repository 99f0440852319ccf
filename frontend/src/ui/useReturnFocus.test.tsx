// @vitest-environment jsdom
import { cleanup, render } from '@testing-library/react'
import type { ReactNode } from 'react'
import { afterEach, expect, it } from 'vitest'
import { useReturnFocus } from './useReturnFocus'

afterEach(cleanup)

function Dialog({ children }: { children: ReactNode }) {
  useReturnFocus()
  return <div role="dialog">{children}</div>
}

const Saved = () => <Dialog><button>Done</button></Dialog>

function Page({ shows }: { shows: 'nothing' | 'form' | 'saved' }) {
  return (
    <>
      <button>New</button>
      {shows === 'form' && <Dialog><button>Create</button></Dialog>}
      {shows === 'saved' && <Saved />}
    </>
  )
}

it.each([true, false])('returns the focus to what opened the first dialog when a second took its place, also from a button that lost it: %s', (lost) => {
  const { rerender, getByText } = render(<Page shows="nothing" />)
  getByText('New').focus()
  rerender(<Page shows="form" />)
  getByText('Create').focus()
  if (lost) getByText('Create').blur() // as a browser does when it is disabled
  rerender(<Page shows="saved" />)
  getByText('Done').focus()
  rerender(<Page shows="nothing" />)
  expect(document.activeElement).toBe(getByText('New'))
})
