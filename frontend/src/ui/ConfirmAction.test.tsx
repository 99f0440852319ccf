// @vitest-environment jsdom
import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { cleanup, render, screen, waitFor } from '@testing-library/react'
import { afterEach, beforeAll, expect, it, vi } from 'vitest'
import { ConfirmAction } from './ConfirmAction'

beforeAll(() => {
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: vi.fn(), removeEventListener: vi.fn() }))
  Element.prototype.scrollIntoView = vi.fn()
  vi.stubGlobal('ResizeObserver', class { observe() {} unobserve() {} disconnect() {} })
})
afterEach(cleanup)

const ask = (name: string | null, act: () => Promise<unknown>, onClose: () => void) => (
  <MantineProvider env="test">
    <QueryClientProvider client={new QueryClient()}>
      {name && <ConfirmAction onClose={onClose} title={`Delete “${name}”?`} action="Delete" act={act} onTried={() => null}>Its history goes too.</ConfirmAction>}
    </QueryClientProvider>
  </MantineProvider>
)

it('shows why it failed, and nothing of that in the question about another', async () => {
  const onClose = vi.fn()
  const page = render(ask('Daily', () => Promise.reject(new Error('This does not exist.')), onClose))
  screen.getByText('Delete').click()
  await waitFor(() => expect(screen.getByRole('alert').textContent).toBeTruthy())
  expect(onClose).not.toHaveBeenCalled()
  expect(Element.prototype.scrollIntoView).toHaveBeenCalledTimes(1) // a long form shows it
  page.rerender(ask(null, () => Promise.resolve(), onClose))
  page.rerender(ask('Weekly', () => Promise.resolve(), onClose))
  expect(screen.queryByRole('alert')).toBeNull()
  screen.getByText('Delete').click()
  await waitFor(() => expect(onClose).toHaveBeenCalledTimes(1))
})
