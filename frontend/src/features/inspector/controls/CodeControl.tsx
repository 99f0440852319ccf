import { Skeleton } from '@mantine/core'
import { lazy, Suspense } from 'react'
import type { ControlProps } from './control'

const CodeEditor = lazy(() => import('./CodeEditor'))

/** The editor is large, so it loads with the first code setting. */
export function CodeControl(props: ControlProps) {
  return <Suspense fallback={<Skeleton h={140} />}><CodeEditor {...props} /></Suspense>
}
