/** The routes: which page belongs to which URL. */
import { Center, Loader } from '@mantine/core'
import { lazy, Suspense } from 'react'
import { Link, Redirect, Route, Switch } from 'wouter'
import { InWorkspace } from './pages/InWorkspace'
import { Shell } from './pages/Shell'
import { NotFound } from './ui/NotFound'

const HomePage = lazy(() => import('./pages/HomePage'))
const CanvasPage = lazy(() => import('./pages/canvas/CanvasPage'))
const RunPage = lazy(() => import('./pages/run/RunPage'))
const DatasetsPage = lazy(() => import('./features/datasets').then((feature) => ({ default: feature.DatasetsPage })))
const DatasetPage = lazy(() => import('./pages/dataset/DatasetPage'))
const RunsPage = lazy(() => import('./features/runs').then((feature) => ({ default: feature.RunsPage })))
const AuditPage = lazy(() => import('./features/audit').then((feature) => ({ default: feature.AuditPage })))
const TeamPage = lazy(() => import('./pages/team/TeamPage'))

function Pages() {
  return (
    <Switch>
      <Route path="/"><HomePage /></Route>
      <Route path="/pipelines/:id">{({ id }) => <CanvasPage key={id} id={id} />}</Route>
      <Route path="/datasets"><InWorkspace>{(workspace) => <DatasetsPage workspace={workspace} />}</InWorkspace></Route>
      <Route path="/datasets/:id">{({ id }) => <DatasetPage key={id} id={id} />}</Route>
      <Route path="/runs"><InWorkspace>{(workspace) => <RunsPage workspace={workspace.id} />}</InWorkspace></Route>
      <Route path="/runs/:id">{({ id }) => <RunPage key={id} id={id} />}</Route>
      <Route path="/team"><Shell><TeamPage /></Shell></Route>
      <Route path="/audit"><InWorkspace>{(workspace) => <AuditPage workspace={workspace} />}</InWorkspace></Route>
      <Route path="/pipelines"><Redirect to="/" /></Route>
      <Route><Shell><NotFound what="Page"><Link href="/">All pipelines</Link></NotFound></Shell></Route>
    </Switch>
  )
}

export function App() {
  return <Suspense fallback={<Center h="100vh"><Loader size="sm" /></Center>}><Pages /></Suspense>
}
