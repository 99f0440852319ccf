/** The routes of all features, each with its frame. */
import { lazy, Suspense, type ReactNode } from 'react'
import { Link, Redirect, Route, Switch } from 'wouter'
import { routes } from './pages/features'
import { CanvasSkeleton } from './pages/canvas/CanvasSkeleton'
import { InWorkspace } from './pages/InWorkspace'
import { Shell } from './pages/Shell'
import type { PageRoute } from './state/feature'
import { NotFound } from './ui/NotFound'

/** A page per id: it is remounted when the address names another. While its code loads, the navigation stays. */
function renderer(route: PageRoute): (id: string) => ReactNode {
  if (route.frame === 'workspace') {
    const Page = lazy(route.page)
    return (id) => <InWorkspace>{(workspace) => <Suspense><Page key={id} id={id} workspace={workspace} /></Suspense>}</InWorkspace>
  }
  const Page = lazy(route.page)
  if (route.frame === 'none') return (id) => <Suspense fallback={<CanvasSkeleton />}><Page key={id} id={id} /></Suspense>
  return (id) => <Shell><Suspense><Page key={id} id={id} /></Suspense></Shell>
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
