/** The routes of all features, each with its frame. */
import type { QueryClient } from '@tanstack/react-query'
import { lazy, Suspense, type ComponentType, type ReactNode } from 'react'
import { parse } from 'regexparam'
import { Link, matchRoute, Redirect, Route, Switch } from 'wouter'
import { routes } from './pages/features'
import { CanvasSkeleton } from './pages/canvas/CanvasSkeleton'
import { InWorkspace } from './pages/InWorkspace'
import { Shell } from './pages/Shell'
import type { PageRoute } from './state/feature'
import { NotFound } from './ui/NotFound'

/** The longest that the first render waits for what its page reads. */
const PATIENCE = 1_000

/** The page that is opened first: with its code at hand it is rendered at once, without a skeleton before it. */
const first: { route?: PageRoute; Page?: ComponentType<never> } = {}

/** Loads the code and the data of the page at an address, to be rendered at once. Whatever fails is tried again, and told, by the page itself. */
export async function loadPage(address: string, client: QueryClient): Promise<void> {
  for (const route of routes) {
    const [matches, params] = matchRoute<{ id?: string }>(parse, route.path, address)
    if (!matches) continue
    try {
      const fetched = route.prefetch?.(client, params.id ?? '').catch(() => undefined)
      const { default: Page } = await route.page()
      Object.assign(first, { route, Page })
      await Promise.race([fetched, new Promise((resolve) => setTimeout(resolve, PATIENCE))])
    } catch { /* the page says so when it is rendered */ }
    return
  }
}

/** A page per id: it is remounted when the address names another. While its code loads, the navigation stays. */
function renderer(route: PageRoute): (id: string) => ReactNode {
  const atHand = <Props,>(page: ComponentType<Props>) => (first.route === route ? first.Page as ComponentType<Props> : page)
  if (route.frame === 'workspace') {
    const Lazy = lazy(route.page)
    return (id) => <InWorkspace>{(workspace) => { const Page = atHand(Lazy); return <Suspense><Page key={id} id={id} workspace={workspace} /></Suspense> }}</InWorkspace>
  }
  const Lazy = lazy(route.page)
  if (route.frame === 'none') return (id) => { const Page = atHand(Lazy); return <Suspense fallback={<CanvasSkeleton />}><Page key={id} id={id} /></Suspense> }
  return (id) => { const Page = atHand(Lazy); return <Shell><Suspense><Page key={id} id={id} /></Suspense></Shell> }
}

const pages = routes.map((route) => ({ path: route.path, render: renderer(route) }))

export function App() {
  return (
    <Switch>
      {pages.map(({ path, render }) => <Route key={path} path={path}>{(params: { id?: string }) => render(params.id ?? '')}</Route>)}
      <Route path="/pipelines"><Redirect to="/" /></Route>
      <Route><Shell><NotFound what="Page"><Link href="/">All pipelines</Link></NotFound></Shell></Route>
    </Switch>
  )
}
