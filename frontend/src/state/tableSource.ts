/** A table on the server as a source of the grid: rows by window, the profile when it arrives. */

import { queryOptions, useQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { Profile, Question, RowsPage } from '../core/data/tables'
import { getProfile, getRows, type TablePlace } from '../server/rest'

interface Source {
  key: string
  rows: (question: Question, offset: number, limit: number, signal: AbortSignal) => Promise<RowsPage>
  profile: Profile | undefined
}

export const profileQuery = (place: TablePlace, digest: string) =>
  queryOptions({ queryKey: ['profile', JSON.stringify(place), digest], queryFn: () => getProfile(place), staleTime: Infinity })

/** `digest` identifies the rows; a table with the same digest is the same table. */
export function useTableSource(place: TablePlace, digest: string): Source {
  const where = JSON.stringify(place)
  const profile = useQuery(profileQuery(place, digest))
  const rows = useCallback<Source['rows']>((question, offset, limit, signal) => getRows(JSON.parse(where) as TablePlace, question, offset, limit, signal), [where])
  return { key: `${where} ${digest}`, rows, profile: profile.data }
}
