import './ui/mantine.css'
import '@mantine/notifications/styles.css'
import './ui/app.css'
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App, loadPage } from './App'
import { ApiError } from './core/base/apiError'
import { dropSecondClicks } from './ui/once'
import { cssVariables, theme } from './ui/theme'

const STALE_AFTER = 15_000

/** One retry after a failure of the network or the server; a refusal is final. */
const retry = (times: number, reason: unknown) => times < 1 && !(reason instanceof ApiError && reason.status >= 400 && reason.status < 500)

const client = new QueryClient({ defaultOptions: { queries: { staleTime: STALE_AFTER, retry } } })

dropSecondClicks()

const root = document.getElementById('root')
if (root) {
  await loadPage(location.pathname, client)
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
        <QueryClientProvider client={client}>
          <Notifications position="bottom-right" transitionDuration={140} autoClose={4000} />
          <App />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  )
}
