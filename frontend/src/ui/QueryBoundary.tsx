import { Skeleton, Stack } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { asApiError } from '../core/base/apiError'
import { Failure } from './Failure'

interface Props<T> {
  query: UseQueryResult<T>
  children: (data: T) => ReactNode
}

/** The states of a query: loading, failed, or the data. */
export function QueryBoundary<T>({ query, children }: Props<T>) {
  if (query.data !== undefined) return children(query.data)
  if (query.error) return <Failure error={asApiError(query.error)} onRetry={() => void query.refetch()} />
  return <Stack gap="xs"><Skeleton h={44} /><Skeleton h={44} /><Skeleton h={44} /></Stack>
}
