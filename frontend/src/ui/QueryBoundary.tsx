import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { asApiError } from '../core/base/apiError'
import { Failure } from './Failure'
import { ListSkeleton } from './ListSkeleton'

interface Props<T> {
  query: UseQueryResult<T>
  /** Shown while it loads, in the size of what comes. */
  skeleton?: ReactNode
  children: (data: T) => ReactNode
}

/** The states of a query: loading, failed, or the data. */
export function QueryBoundary<T>({ query, skeleton, children }: Props<T>) {
  if (query.data !== undefined) return children(query.data)
  if (query.error) return <Failure error={asApiError(query.error)} onRetry={() => void query.refetch()} />
  return skeleton ?? <ListSkeleton />
}
