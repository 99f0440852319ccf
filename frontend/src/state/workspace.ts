/** The workspace whose pipelines, data and runs are shown: the one last chosen in this browser, else the first. */
import { useQuery } from '@tanstack/react-query'
import { create } from 'zustand'
import type { Workspace } from '../core/people'
import { meQuery } from './me'
import { keep, recall } from './storage'

const KEY = 'workspace'

const useChosen = create<{ id: string | null }>(() => ({ id: recall<string | null>(KEY, null) }))

export function chooseWorkspace(id: string) {
  keep(KEY, id)
  useChosen.setState({ id })
}

export function useWorkspace(): { workspace: Workspace | undefined; all: Workspace[] } {
  const { data: me } = useQuery(meQuery)
  const chosen = useChosen((state) => state.id)
  const all = me?.workspaces ?? []
  return { workspace: all.find(({ id }) => id === chosen) ?? all[0], all }
}
