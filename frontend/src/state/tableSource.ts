/** A table on the server as a source of the grid: rows by window, the profile when it arrives. */

import { useQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { Profile, Question, RowsPage } from '../core/data/tables'
import { getProfile, getRows, type TablePlace } from '../server/rest'

interface Source {
  key: string
  rows: (question: Question, offset: number, limit: number, signal: AbortSignal) => Promise<RowsPage>
  profile: Profile | undefined
}

/** `digest` identifies the rows; a table with the same digest is the same table. */
export function useTableSource(place: TablePlace, digest: string): Source {
  const where = JSON.stringify(place)
  const profile = useQuery({ queryKey: ['profile', where, digest], queryFn: () => getProfile(JSON.parse(where) as TablePlace), staleTime: Infinity })
  const rows = useCallback<Source['rows']>((question, offset, limit, signal) => getRows(JSON.parse(where) as TablePlace, question, offset, limit, signal), [where])
  return { key: `${where} ${digest}`, rows, profile: profile.data }
}
