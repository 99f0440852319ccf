import { Skeleton } from '@mantine/core'
import { lazy, Suspense } from 'react'
import type { ControlProps } from './control'

const CodeEditor = lazy(() => import('./CodeEditor'))

/** The editor is large, so that it loads with the first piece of code. */
export function CodeControl(props: ControlProps) {
  return <Suspense fallback={<Skeleton h={140} />}><CodeEditor {...props} /></Suspense>
}
