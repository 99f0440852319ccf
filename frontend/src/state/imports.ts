/** The imports of a workspace. While one reads its source they are asked for often; what it brought shows in the lists of datasets. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { refreshed } from '../core/schedules/imports'
import { getImports } from '../server/rest'

const READING_EVERY = 1000
const FRESH_EVERY = 15_000

export const importsKey = (workspace: string | undefined) => ['imports', workspace]

export function useImports(workspace: string | undefined) {
  const queries = useQueryClient()
  const imports = useQuery({
    queryKey: importsKey(workspace), queryFn: () => getImports(workspace), enabled: workspace !== undefined,
    refetchInterval: ({ state }) => (state.data?.some(({ running }) => running) ? READING_EVERY : FRESH_EVERY),
  })
  const seen = useRef<string | null>(null)
  const now = imports.data && refreshed(imports.data)
  useEffect(() => {
    if (now === undefined) return
    if (seen.current !== null && seen.current !== now) {
      void queries.invalidateQueries({ queryKey: ['datasets'] })
      void queries.invalidateQueries({ queryKey: ['dataset'] })
    }
    seen.current = now
  }, [now, queries])
  return imports
}
